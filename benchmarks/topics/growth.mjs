import { availableParallelism } from 'node:os';
import { makeImages } from '../src/makeImages.mjs';
import { predictCase } from './inference.mjs';
import { loaderCase } from './loader.mjs';
import { stepCase } from './steps.mjs';

/** How cost grows, one quantity at a time; positions are in `attention`. */
export const growth = {
  title: 'how cost grows with batch, size, threads, workers and images',
  prepare: ({ quick }) => makeImages(quick ? { images: 8, side: 96 } : { images: 80, side: 512 }),
  cases: ({ quick, threads }, { samples }) => [
    ...(quick ? [1] : [1, 2, 4, 8, 16]).map((batch) =>
      grow('batch', batch, stepCase({ name: 'resnet18-nla', batch, size: quick ? 64 : 224 })),
    ),
    ...(quick ? [] : [96, 128, 192, 256, 386, 512]).map((size) =>
      grow('size', size, stepCase({ name: 'resnet18-nla', batch: quick ? 1 : 4, size })),
    ),
    ...(quick ? [1] : threadCounts(threads)).map((count) =>
      grow(
        'threads',
        count,
        withThreads(
          stepCase({ name: 'resnet18-nla', batch: quick ? 1 : 4, size: quick ? 64 : 224 }),
          count,
        ),
      ),
    ),
    ...(quick ? [1] : [0, 1, 2]).map((workers) =>
      grow(
        'workers',
        workers,
        loaderCase({ name: 'resnet18', batch: 4, size: quick ? 64 : 224, workers, samples }),
      ),
    ),
    ...(quick ? [8] : [20, 40, 80]).map((images) =>
      grow(
        'images',
        images,
        predictCase({
          name: 'resnet18-nla',
          batch: 4,
          size: quick ? 64 : 224,
          samples: samples.slice(0, images),
        }),
      ),
    ),
  ],
};

const grow = (quantity, value, found) => ({
  ...found,
  name: `${quantity} ${value}`,
  gigaflop: undefined,
  facts: { ...found.facts, quantity, value },
});

const withThreads = (found, threads) => ({
  ...found,
  sides: found.sides.map((side) => ({ ...side, input: { ...side.input, threads } })),
});

/** 1, 2, 4, ... up to the number of cores. */
function threadCounts(most) {
  const counts = [1];
  while (counts.at(-1) * 2 <= Math.min(most, availableParallelism()))
    counts.push(counts.at(-1) * 2);
  return counts;
}
