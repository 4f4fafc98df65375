import config from '@nonlocal-med/eslint-config';

// Plain programs, which belong to no TypeScript project.
export default [...config, { ignores: ['scripts/**', 'test/child/**'] }];
