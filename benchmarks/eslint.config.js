import shared from '@nonlocal-med/eslint-config';

// The scripts are plain JavaScript that runs without a build; the type-aware rules have nothing to go by there.
export default [...shared, { ignores: ['**/*.mjs', 'results/**'] }];
