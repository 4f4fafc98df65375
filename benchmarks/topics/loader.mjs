import { makeImages } from '../src/makeImages.mjs';

const percent = (share) => `${(100 * share).toFixed(2)} %`;

/** Whether training waits for its images. */
export const loader = {
  title: 'an epoch of training from JPEGs, an empty cache and a full one',
  prepare: ({ quick }) => makeImages(quick ? { images: 8, side: 96 } : { images: 80, side: 512 }),
  cases: ({ quick }, { samples }) => [
    loaderCase({ name: 'resnet18', batch: 4, size: quick ? 64 : 386, workers: 1, samples }),
  ],
};

/** Trains one model with one loader. */
export const loaderCase = ({ name, batch, size, workers, samples }) => ({
  name: `${name} ${batch}x${size}, ${workers} worker${workers === 1 ? '' : 's'}`,
  facts: { model: name, batch, size, workers, images: samples.length },
  sides: [{ side: 'ours', script: 'loader.mjs', input: { name, batch, size, workers, samples } }],
  remarksOn({ waitShare, secondWaitShare, decoded, decodedAgain, cacheShare }) {
    if (decodedAgain > 0)
      throw new Error(`${decodedAgain} images were decoded again in the second epoch`);
    return [
      `waits ${percent(waitShare)} of the first epoch, ${percent(secondWaitShare)} of the second; ${decoded} images decoded once; the cache has ${percent(cacheShare)} of the raw floats' size`,
    ];
  },
});
