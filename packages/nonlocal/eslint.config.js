import config from '@nonlocal-med/eslint-config';

// Plain programs that tests start as processes of their own; they belong to no TypeScript project.
export default [...config, { ignores: ['test/child/**'] }];
