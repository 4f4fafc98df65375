import { loadavg } from 'node:os';

/** Processes that wanted to run in the last minute, on average: above the number of cores wall times mean little. */
export const loadAverage = () => Number(loadavg()[0].toFixed(1));
