import { type Batch, type BatchSource, createRandom } from '@nonlocal-med/core';

/** Shape of a test image. */
const SIZE = 4;

/** Options of {@link memorySource}. */
interface MemorySourceOptions {
  readonly samples: number;
  readonly batchSize: number;
  readonly classes?: number;
  readonly seed?: number;
  /** Findings per image instead of classes: seeded labels of which every fifth is not known. */
  readonly findings?: number;
  /** Keeps the samples in their order. */
  readonly ordered?: boolean;
}

/**
 * Seeded images [4, 4, 3] of noise whose mean depends on the class (of index modulo `classes`); each epoch in another order. `requests` are
 * the arguments of `epoch`, `open` is the number of iterations that have not ended.
 */
export function memorySource({
  samples,
  batchSize,
  classes = 3,
  findings,
  seed = 1,
  ordered = false,
}: MemorySourceOptions): BatchSource & { requests: [number, number][]; open: number } {
  const batchesPerEpoch = Math.ceil(samples / batchSize);
  const image = (index: number): number[] => {
    const random = createRandom(seed, 'image', index);
    return Array.from({ length: SIZE * SIZE * 3 }, () => random.normal((index % classes) - 1, 1));
  };
  const findingLabels = (index: number): number[] =>
    Array.from({ length: findings ?? 0 }, (_, f) => {
      const random = createRandom(seed, 'finding', 100 * index + f);
      return random.chance(0.2) ? -1 : Number(random.chance(0.4));
    });
  const names = Array.from({ length: findings ?? classes }, (_, k) =>
    findings === undefined ? `class ${k}` : `finding ${k}`,
  );
  const source = {
    ...(findings === undefined ? {} : { task: 'multilabel' as const }),
    classes: names,
    sampleCount: samples,
    batchesPerEpoch,
    requests: [] as [number, number][],
    open: 0,
    async *epoch(index: number, { firstBatch = 0 } = {}): AsyncGenerator<Batch> {
      source.requests.push([index, firstBatch]);
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
            labels: Int32Array.from(
              findings === undefined
                ? chosen.map((i) => i % classes)
                : chosen.flatMap(findingLabels),
            ),
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

/** All events of a training, in order. */
export async function collect<T>(events: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const event of events) found.push(event);
  return found;
}
