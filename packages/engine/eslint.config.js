import config, { programs } from '@nonlocal-med/eslint-config';

export default [
  { ignores: ['vendor/**'] },
  ...config,
  programs('bin/*.js', 'scripts/*.js', 'test/**/*.js'),
];
