/** A weight outside of the engine. */
export interface WeightValue {
  readonly shape: readonly number[];
  /** Values in row-major order. */
  readonly data: Float32Array;
}

/** Weights by name. */
export type WeightValues = ReadonlyMap<string, WeightValue>;

/** A weight that is still in the engine: read when it is its turn, so that a large state is never in memory twice. */
export interface LiveWeight {
  readonly shape: readonly number[];
  readonly data: () => Promise<Float32Array>;
}

/** Live weights by name. */
export type LiveWeights = ReadonlyMap<string, LiveWeight>;
