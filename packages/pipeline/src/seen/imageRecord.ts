import { type ImageIdentity, imageIdentity, nearestHashSearch } from '@nonlocal-med/data';
import type { ImageRecord } from '@nonlocal-med/runs';
import type { RunData } from '../data/runData.js';

/** How an image was recognized as one that a model has seen. */
export interface SeenMatch {
  /** `same content`: the file is equal; `near duplicate`: its perceptual hash differs in at most 14 of 256 bits. */
  readonly rule: 'same content' | 'near duplicate';
  /** What the run used it for. */
  readonly split: 'training' | 'validation';
  /** Its path in the data set of the run; a model without its run does not know it. */
  readonly original?: string;
  /** Number of bits in which the perceptual hashes differ; 0 for the same content. */
  readonly distance: number;
}

/** What a run records about its images: each with its split, by whatever rule the data was split. */
export function recordImages({ split }: Pick<RunData, 'split'>): ImageRecord {
  const parts = [
    ['training', split.train],
    ['validation', split.validation],
    ['test', split.test],
  ] as const;
  return {
    version: 1,
    images: parts.flatMap(([name, samples]) =>
      samples.map((sample) => ({ id: sample.id, split: name, ...imageIdentity(sample) })),
    ),
  };
}

/** A search for images in the record of a run. */
export function recordSearch({
  images,
}: ImageRecord): (image: ImageIdentity) => Promise<SeenMatch | null> {
  const learned = images.flatMap(({ split, ...image }) =>
    split === 'test' ? [] : [{ split, ...image }],
  );
  const byContent = new Map(learned.map((image) => [image.content, image]));
  const tested = new Set(images.flatMap(({ split, content }) => (split === 'test' ? content : [])));
  const nearest = nearestHashSearch(learned.map(({ perceptual }) => perceptual));
  return ({ content, perceptual }) => {
    const same = byContent.get(content);
    if (same !== undefined)
      return Promise.resolve({
        rule: 'same content',
        split: same.split,
        original: same.id,
        distance: 0,
      });
    const near = tested.has(content) ? null : nearest(perceptual);
    if (near === null) return Promise.resolve(null);
    const { split, id } = learned[near.index];
    return Promise.resolve({
      rule: 'near duplicate',
      split,
      original: id,
      distance: near.distance,
    });
  };
}
