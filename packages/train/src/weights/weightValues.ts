/** A weight outside of the engine. */
export interface WeightValue {
  readonly shape: readonly number[];
  /** Values in row-major order. */
  readonly data: Float32Array;
}

/** Weights by name. */
export type WeightValues = ReadonlyMap<string, WeightValue>;
