import type { Dataset, Sample } from '@nonlocal-med/core';
import type { DatasetPlace } from './datasetPlace.js';

/** What checking an image found. */
export interface ImageFacts {
  /** SHA-256 of the file, hexadecimal. */
  readonly hash: string;
  /** Size of the file. */
  readonly bytes: number;
  /** Pixels, after the orientation that EXIF states. */
  readonly width: number;
  readonly height: number;
  /** `grey` where the file has one colour channel. */
  readonly color: 'grey' | 'rgb';
  /** Bits of a channel. */
  readonly depth: number;
  /** What the content is, whatever the name says: jpeg, png, tiff, webp. */
  readonly format: string;
  /** What the image shows, in 64 hexadecimal digits: the `perceptualHash` of its pixels. */
  readonly perceptual: string;
}

/** A sample whose image has been decoded once, whole. */
export interface CheckedSample extends Sample {
  readonly file: string;
  readonly facts: ImageFacts;
}

/** A data set from files, checked. */
export interface OpenedDataset extends Dataset {
  /** What it was opened as, also where the kind was found and not given. */
  readonly kind: DatasetPlace['kind'];
  readonly samples: readonly CheckedSample[];
  /** Decisions and findings that do not stop anything and that the user should know of, one sentence each. */
  readonly notes: readonly string[];
}
