export { sharedProcesses as default } from '@nonlocal-med/vitest-config';
