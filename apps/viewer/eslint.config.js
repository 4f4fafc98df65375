import config from '@nonlocal-med/eslint-config';

const plain = config.find(({ files }) => files?.includes('*.js'));

export default [
  ...config,
  {
    ...plain,
    files: ['scripts/*.js'],
    languageOptions: {
      ...plain.languageOptions,
      globals: { console: 'readonly', process: 'readonly', URL: 'readonly' },
    },
  },
];
