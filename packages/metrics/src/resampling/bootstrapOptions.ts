import type { BootstrapMethod } from './summariseReplicates.js';

/** How resamples are drawn and read. */
export interface BootstrapOptions {
  /** Default 2000. */
  readonly resamples?: number;
  /** Default 0; equal seeds draw equal resamples. */
  readonly seed?: number;
  /** Default 0.95. */
  readonly confidence?: number;
  /** Default `percentile`. */
  readonly method?: BootstrapMethod;
  /** Group of each sample (its patient), [count]: whole groups are then drawn, instead of samples within their class. */
  readonly groups?: readonly string[];
}
