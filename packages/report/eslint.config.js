import config, { programs } from '@nonlocal-med/eslint-config';

export default [...config, programs('scripts/*.js')];
