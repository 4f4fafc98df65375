import config from '@nonlocal-med/eslint-config';

/** `summary.js` runs before anything is built: plain JavaScript outside of the TypeScript project. */
export default [...config, { ignores: ['src/summary.js'] }];
