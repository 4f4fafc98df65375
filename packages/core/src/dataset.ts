import type { BatchPart } from './batchPart.js';
/**
 * What is learned about each image: which one of several classes it belongs to (`multiclass`), or which of several
 * findings it shows (`multilabel`), each present or absent for itself.
 */
export type Task = 'multiclass' | 'multilabel';

/** One image of a data set. */
export interface Sample {
  /** Unique and stable within the data set: the path relative to its root, with forward slashes. */
  readonly id: string;
  /** Absolute path of the image file; absent if the pixels are in {@link Sample.pixels}. */
  readonly file?: string;
  /** Which frame of a DICOM file with several, counted from 0; absent for files with one image. */
  readonly frame?: number;
  /** Pixels of an image in memory. */
  readonly pixels?: Pixels;
  /** Index into {@link Dataset.classes}; -1 where the image has {@link Sample.findings}. */
  readonly label: number;
  /** Task `multilabel`: 1 present, 0 absent, -1 not known, for each of {@link Dataset.classes}, which are the findings. */
  readonly findings?: readonly number[];
  /** Samples of a group, usually a patient's images, stay in one split. */
  readonly group?: string;
  /** Lesion mask of the image's size, 1 inside a lesion: in memory or a file. */
  readonly mask?: Pixels | string;
  /** What the data set says of the image besides its label, such as its sex or scanner; empty text where it is not known. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** The part of the split that the data set itself assigns the sample to; absent if it gives no split. */
  readonly split?: SplitName;
}

/** A part of a split. */
export type SplitName = 'training' | 'validation' | 'test';

/** Levels of pixels: 8 bits (0 to 255), or 16 bits (0 to 65,535) for images whose files have more than 8. */
export type PixelData = Uint8Array | Uint16Array;

/** Interleaved pixels, [height, width, channels] in row-major order: 8 bits, unless the type says otherwise. */
export interface Pixels<Data extends PixelData = Uint8Array> {
  readonly data: Data;
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
}

/** A file that was left out of a data set, and why. */
export interface SkippedFile {
  readonly file: string;
  readonly reason: string;
}

/** A classification data set: descriptions of its samples, without loading their pixels. */
export interface Dataset {
  readonly name: string;
  /** Default: `multiclass`. */
  readonly task?: Task;
  /** The classes, or the findings of the task `multilabel`, in the order of the outputs of a model. */
  readonly classes: readonly string[];
  readonly samples: readonly Sample[];
  readonly skipped: readonly SkippedFile[];
  /** SHA-256 over ids, labels and file contents; equal for equal data. */
  readonly fingerprint: string;
}

/** A batch for training or evaluation. */
export interface Batch {
  /** Normalized values, [count, height, width, 3] in row-major order. Owned by the receiver. */
  readonly images: Float32Array;
  readonly shape: readonly [count: number, height: number, width: number, channels: 3];
  /**
   * Class indices, [count]. Task `multilabel`: 1 present, 0 absent, -1 not known, [count, findings] in row-major order.
   */
  readonly labels: Int32Array;
  /** Sample ids, [count]. */
  readonly ids: readonly string[];
}

/** A source of batches. The batches of an epoch depend on its index alone, so any of them can be repeated. */
export interface BatchSource {
  /** Default: `multiclass`. */
  readonly task?: Task;
  /** The classes, or the findings of the task `multilabel`. */
  readonly classes: readonly string[];
  readonly sampleCount: number;
  readonly batchesPerEpoch: number;
  /** The batches of one epoch, starting at `firstBatch`. Breaking out of the loop frees what was prefetched. */
  epoch(index: number, options?: { readonly firstBatch?: number }): AsyncIterable<Batch>;
  /** The same epochs with a part of every batch, so that a process prepares only what it trains on. */
  partOf?(part: BatchPart): BatchSource;
}

/** Predictions of a classifier for a set of images. */
export interface Predictions {
  readonly classes: readonly string[];
  /** Sample ids, [count]. */
  readonly ids: readonly string[];
  /** True class indices, [count]; -1 where the true class is not known. */
  readonly labels: Int32Array;
  /** Class probabilities, [count, classes] in row-major order; each row sums to 1. */
  readonly probabilities: Float64Array;
  /** Group of each sample (its patient), [count]: intervals then resample whole groups. Absent if samples are independent. */
  readonly groups?: readonly string[];
  /** What else is known of each sample (sex, scanner), by name, [count]; empty text where it is not known. */
  readonly attributes?: Readonly<Record<string, readonly string[]>>;
  /**
   * Set where only a decision per sample is known, as of a human reader: its probability is then 1, that of the other
   * classes 0, and what needs probabilities, such as the AUC, is not defined.
   */
  readonly decisionsOnly?: true;
}

/** Predictions of several findings per image, each present or absent for itself. */
export interface FindingPredictions {
  readonly findings: readonly string[];
  /** Sample ids, [count]. */
  readonly ids: readonly string[];
  /** 1 present, 0 absent, -1 not known, [count, findings] in row-major order. */
  readonly labels: Int32Array;
  /** Probability of each finding, [count, findings] in row-major order; a row need not sum to 1. */
  readonly probabilities: Float64Array;
  /** Group of each sample (its patient), [count]: intervals then resample whole groups. Absent if samples are independent. */
  readonly groups?: readonly string[];
  /** What else is known of each sample (sex, scanner), by name, [count]; empty text where it is not known. */
  readonly attributes?: Readonly<Record<string, readonly string[]>>;
  /**
   * Set where it is only known which findings were called present, as by a human reader: their probability is then 1, that
   * of the others 0, and what needs probabilities, such as the AUC, is not defined.
   */
  readonly decisionsOnly?: true;
}

/** Predictions of either task; `'findings' in predictions` tells which. */
export type TaskPredictions = Predictions | FindingPredictions;
