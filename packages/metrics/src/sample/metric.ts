import type { ScoredSamples } from './scoredSamples.js';
import type { Weighting } from './weighting.js';

/**
 * A metric in two steps: what depends on the samples alone (sorting, losses) is done once, then every weighting of them
 * is a number, or null where the metric is not defined.
 */
export type Metric = (samples: ScoredSamples) => (weighting: Weighting) => number | null;
