import { type Batch, type BatchSource, createRandom } from '@nonlocal-med/core';

/** Shape of a test image. */
const SIZE = 4;

/** What {@link memorySource} makes. */
export interface MemorySourceOptions {
  readonly samples: number;
  readonly batchSize: number;
  readonly classes?: number;
  readonly seed?: number;
  /** Keeps the samples in their order. */
  readonly ordered?: boolean;
}

/**
 * Images [4, 4, 3] of noise whose mean tells their class, from a seed; each epoch in an order of its own. `asked` holds
 * what was asked of `epoch`, `open` the number of iterations that were not ended.
 */
export function memorySource({
  samples,
  batchSize,
  classes = 3,
  seed = 1,
  ordered = false,
}: MemorySourceOptions): BatchSource & { asked: [number, number][]; open: number } {
  const batchesPerEpoch = Math.ceil(samples / batchSize);
  const image = (index: number): number[] => {
    const random = createRandom(seed, 'image', index);
    return Array.from({ length: SIZE * SIZE * 3 }, () => random.normal((index % classes) - 1, 1));
  };
  const source = {
    classes: Array.from({ length: classes }, (_, k) => `class ${k}`),
    sampleCount: samples,
    batchesPerEpoch,
    asked: [] as [number, number][],
    open: 0,
    async *epoch(index: number, { firstBatch = 0 } = {}): AsyncGenerator<Batch> {
      source.asked.push([index, firstBatch]);
      source.open += 1;
      try {
        const order = Array.from({ length: samples }, (_, i) => i);
        if (!ordered) createRandom(seed, 'order', index).shuffle(order);
        for (let batch = firstBatch; batch < batchesPerEpoch; batch++) {
          const chosen = order.slice(batch * batchSize, (batch + 1) * batchSize);
          await Promise.resolve();
          yield {
            images: Float32Array.from(chosen.flatMap(image)),
            shape: [chosen.length, SIZE, SIZE, 3],
            labels: Int32Array.from(chosen, (i) => i % classes),
            ids: chosen.map((i) => `image-${i}`),
          };
        }
      } finally {
        source.open -= 1;
      }
    },
  };
  return source;
}
