import { makeImages } from '../src/makeImages.mjs';
import { withPyTorch } from './withPyTorch.mjs';

/** One image, and many files. */
export const inference = {
  title: 'evaluation: one image, a batch; files from disk',
  prepare: ({ quick }) => makeImages(quick ? { images: 8, side: 96 } : { images: 100, side: 512 }),
  cases({ quick }, { samples }) {
    const size = quick ? 64 : 386;
    const models = quick ? ['resnet18-nla'] : ['resnet18', 'resnet18-nla', 'shufflenetv2'];
    return [
      ...models.map((name) => inferCase({ name, batch: 1, size, repeat: quick ? 1 : 5 })),
      ...(quick ? [] : [inferCase({ name: 'resnet18-nla', batch: 8, size, repeat: 1 })]),
      predictCase({ name: 'resnet18-nla', batch: 8, size, samples }),
    ];
  },
};

const inferCase = ({ name, batch, size, repeat }) => ({
  name: `${name} ${batch}x${size}`,
  facts: { model: name, batch, size },
  sides: withPyTorch('infer', { name, batch, size, repeat }),
});

/** Probabilities of files through the loader. */
export const predictCase = ({ name, batch, size, samples }) => ({
  name: `predict ${samples.length} files ${size}`,
  facts: { model: name, batch, size, images: samples.length },
  sides: [{ side: 'ours', script: 'predict.mjs', input: { name, batch, size, samples } }],
  remarksOn: ({ imagesPerSecond, busyShare }) => [
    `${imagesPerSecond.toFixed(1)} images/s, the engine is busy ${(100 * busyShare).toFixed(1)} % of the time`,
  ],
});
