import { makeImageFolder } from '../src/makeImageFolder.mjs';

/** Checking a data set against nothing but decoding its images. */
export const check = {
  title: '`trainer data check` of JPEGs of 256 x 256 without a cache, and decoding them once',
  prepare: ({ quick }) => makeImageFolder({ images: quick ? 24 : 10_000, side: quick ? 64 : 256 }),
  cases: ({ quick }, { folder }) =>
    (quick ? [24] : [2000, 5000, 10_000]).map((images) => ({
      name: `${images.toLocaleString('en')} images`,
      facts: { images },
      sides: ['check', 'decode'].map((side) => ({
        side,
        script: 'check.mjs',
        input: { side, folder, images },
      })),
      remarksOn: ({ checked }) => [`${checked} images checked`],
    })),
};
