import shared from '@nonlocal-med/eslint-config';

// The script of a test is plain JavaScript outside the TypeScript project, where the type-aware rules have nothing to go by.
export default [...shared, { ignores: ['test/*.mjs'] }];
