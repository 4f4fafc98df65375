export { default } from '@nonlocal-med/eslint-config';
