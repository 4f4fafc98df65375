/** Predictions on the test set, as JSON in the page: what the operating points and lists of images are computed from. */
export interface PredictionsData {
  /** Classes, or findings. */
  readonly classes: readonly string[];
  readonly ofFindings: boolean;
  /** Test sets; runs that were tested on the same images share one. */
  readonly sets: readonly TestSet[];
  readonly runs: readonly PredictedRun[];
}

/** Images with their truth. */
export interface TestSet {
  readonly ids: readonly string[];
  /** True class of each image; of findings 1 present, 0 absent, -1 not known, [count * findings]. */
  readonly labels: readonly number[];
}

/** The predictions of a run with one choice of weights. */
export interface PredictedRun {
  /** Title of its model. */
  readonly model: string;
  /** The model's CSS class. */
  readonly series: string;
  /** From 0. */
  readonly repeat: number;
  readonly weights: string;
  /** Index of its test set. */
  readonly set: number;
  /** [count * classes] */
  readonly probabilities: readonly number[];
  /** Calibrated probabilities, [count * classes], if decisions use them. */
  readonly calibrated?: readonly number[];
  /** Operating points; only of the repeat that a reader can move the threshold of. */
  readonly points?: readonly StoredPoint[];
}

/** An operating point that was chosen on the validation set. */
export interface StoredPoint {
  /** Indices of the classes that are called positive, or of the finding. */
  readonly positive: readonly number[];
  /** By which rule it was chosen. */
  readonly goal: string;
  readonly threshold: number;
}
