/** What a classifier said of some images. */
export interface Predictions {
  readonly classes: readonly string[];
  /** Sample ids, [count]. */
  readonly ids: readonly string[];
  /** True class indices, [count]; -1 where the truth is not known. */
  readonly labels: Int32Array;
  /** Class probabilities, [count, classes] in row-major order; each row sums to 1. */
  readonly probabilities: Float64Array;
}
