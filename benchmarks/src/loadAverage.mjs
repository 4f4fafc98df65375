import { loadavg } from 'node:os';

/** Average number of runnable processes in the last minute; above the number of cores, wall times mean little. */
export const loadAverage = () => Number(loadavg()[0].toFixed(1));
