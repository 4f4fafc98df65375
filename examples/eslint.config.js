import shared from '@nonlocal-med/eslint-config';

// The programs for Node are plain JavaScript that runs without a build; the compiler checks their types.
export default [...shared, { ignores: ['*.mjs'] }];
