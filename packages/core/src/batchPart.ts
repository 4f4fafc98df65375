import type { Batch, BatchSource } from './dataset.js';

/** Which part of every batch a process trains on, when several share one training. */
export interface BatchPart {
  /** Index of the part. */
  readonly index: number;
  /** Number of parts. */
  readonly of: number;
  /** Fewest images of a part that has any; default 1. A batch too small for all parts leaves the last ones empty. */
  readonly least?: number;
}

/**
 * The rows of a batch that belong to a part: the parts follow each other, and their sizes differ by one at most.
 * @param rows number of images of the batch
 */
export function partRows(
  rows: number,
  { index, of, least = 1 }: BatchPart,
): { readonly begin: number; readonly end: number } {
  const used = Math.max(1, Math.min(of, Math.floor(rows / least)));
  const edge = (part: number): number => Math.floor((Math.min(part, used) * rows) / used);
  return { begin: edge(index), end: edge(index + 1) };
}

/**
 * A source whose batches are a part of those of another source: as the source makes them itself (`partOf`), or cut from
 * whole ones. The numbers of samples and batches stay those of the whole.
 */
export function partOfSource(source: BatchSource, part: BatchPart): BatchSource {
  if (source.partOf !== undefined) return source.partOf(part);
  return {
    task: source.task,
    classes: source.classes,
    sampleCount: source.sampleCount,
    batchesPerEpoch: source.batchesPerEpoch,
    async *epoch(index, options) {
      for await (const batch of source.epoch(index, options)) yield cutBatch(batch, part);
    },
  };
}

function cutBatch({ images, shape, labels, ids }: Batch, part: BatchPart): Batch {
  const [rows, ...image] = shape;
  const { begin, end } = partRows(rows, part);
  const cut = <T extends Float32Array | Int32Array>(values: T): T => {
    const width = rows === 0 ? 0 : values.length / rows;
    return values.slice(begin * width, end * width) as T;
  };
  return {
    images: cut(images),
    shape: [end - begin, ...image],
    labels: cut(labels),
    ids: ids.slice(begin, end),
  };
}
