/** What became of the tensors of a weight file. */
export interface LoadReport {
  /** Keys that were written into the model. */
  readonly loaded: readonly string[];
  /** Keys of the model that the file does not have; they keep their start. */
  readonly missing: readonly string[];
  /** Keys of the file that the model does not have. */
  readonly leftOver: readonly string[];
  /** Classifier weights of another size, which were left out. */
  readonly dropped: readonly OtherShape[];
}

/** A tensor whose shape in the file is not the model's. */
export interface OtherShape {
  readonly key: string;
  readonly inFile: readonly number[];
  readonly inModel: readonly number[];
}
