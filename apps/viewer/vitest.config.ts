export { default } from '@nonlocal-med/vitest-config';
