import config, { programs } from '@nonlocal-med/eslint-config';

/** The scripts run before anything is built. */
export default [...config, programs('src/*.js')];
