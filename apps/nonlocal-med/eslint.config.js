import config from '@nonlocal-med/eslint-config';

const plain = config.find(({ files }) => files?.includes('*.js'));

export default [
  ...config,
  {
    ...plain,
    files: ['bin/*.js', 'scripts/*.js'],
    languageOptions: { ...plain.languageOptions, globals: { process: 'readonly' } },
  },
];
