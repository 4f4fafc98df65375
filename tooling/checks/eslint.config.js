import config from '@nonlocal-med/eslint-config';
import tseslint from 'typescript-eslint';

/** The scripts run before anything is built: plain JavaScript outside of the TypeScript project. */
export default [
  ...config,
  {
    files: ['src/*.js'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: {
      ...tseslint.configs.disableTypeChecked.languageOptions,
      globals: { console: 'readonly', process: 'readonly', URL: 'readonly' },
    },
  },
];
