/** One image of a data set. */
export interface Sample {
  /** Unique and stable within the data set: the path relative to its root, with forward slashes. */
  readonly id: string;
  /** Absolute path of the image file; absent where the pixels are in {@link Sample.pixels}. */
  readonly file?: string;
  /** Pixels of an image that is in memory. */
  readonly pixels?: Pixels;
  /** Index into {@link Dataset.classes}. */
  readonly label: number;
  /** What must stay on one side of a split: a patient. */
  readonly group?: string;
  /** Lesion mask of the image's own size, 1 inside a lesion: in memory or a file. */
  readonly mask?: Pixels | string;
}

/** Interleaved 8-bit pixels, [height, width, channels] in row-major order. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
}

/** A file that was left out, and why. */
export interface SkippedFile {
  readonly file: string;
  readonly reason: string;
}

/** A classification data set: what its samples are called, never their pixels. */
export interface Dataset {
  readonly name: string;
  readonly classes: readonly string[];
  readonly samples: readonly Sample[];
  readonly skipped: readonly SkippedFile[];
  /** SHA-256 over ids, labels and file contents; equal for equal data. */
  readonly fingerprint: string;
}

/** A training or evaluation batch, on its way to the network. */
export interface Batch {
  /** Normalised values, [count, height, width, 3] in row-major order. Owned by the receiver. */
  readonly images: Float32Array;
  readonly shape: readonly [count: number, height: number, width: number, channels: 3];
  /** Class indices, [count]. */
  readonly labels: Int32Array;
  /** Sample ids, [count]. */
  readonly ids: readonly string[];
}

/** Where batches come from. An epoch's batches depend on its index alone, so any of them can be made again. */
export interface BatchSource {
  readonly classes: readonly string[];
  readonly sampleCount: number;
  readonly batchesPerEpoch: number;
  /** The batches of one epoch from `firstBatch` on. Breaking out of the loop frees what was prefetched. */
  epoch(index: number, options?: { readonly firstBatch?: number }): AsyncIterable<Batch>;
}

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
