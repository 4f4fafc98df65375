import shared from '@nonlocal-med/eslint-config';

// Benchmarks and the script of a test are plain JavaScript outside the TypeScript project, where the type-aware rules have nothing to go by.
export default [...shared, { ignores: ['bench/**', 'test/*.mjs'] }];
