import config from '@nonlocal-med/eslint-config';

const plain = config.find(({ files }) => files?.includes('*.js'));

export default [
  { ignores: ['vendor/**'] },
  ...config,
  {
    ...plain,
    files: ['bin/*.js', 'scripts/*.js', 'test/**/*.js'],
    languageOptions: {
      ...plain.languageOptions,
      globals: { process: 'readonly', URL: 'readonly' },
    },
  },
];
