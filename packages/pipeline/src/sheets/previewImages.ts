import sharp from 'sharp';
import { absolutePaths } from '../config/absolutePaths.js';
import type { RunConfig } from '../config/runConfigSchema.js';
import type { ProgressListener } from '../run/progressListener.js';
import { prepareRunData } from '../run/startRun.js';
import { drawSheet, type ImageSheet, testSheet, trainingSheet } from './imageSheets.js';

/** What a run would show its network. */
export interface ImagePreview {
  /** Training images after augmentation, above test images. */
  readonly png: Buffer;
  /** Number of training and test images on it. */
  readonly images: { readonly training: number; readonly test: number };
}

/**
 * Draws what the network of a run with this configuration would get, without training: the sheets that the run would
 * write, as one image. What was found in the data set, and the augmentation with its reason, go to `onNote`.
 * @throws InputError with all issues of the data set, or of the split.
 */
export async function previewImages(
  given: RunConfig,
  options: ProgressListener & { readonly signal?: AbortSignal } = {},
): Promise<ImagePreview> {
  const { signal } = options;
  const { data, config } = await prepareRunData(absolutePaths(given), options);
  const [training, test] = [
    await trainingSheet({ data, config, signal }),
    await testSheet({ data, config, signal }),
  ];
  return {
    png: await stack([training, test]),
    images: { training: training.images.length, test: test.images.length },
  };
}

/** Sheets below each other. */
async function stack(sheets: readonly ImageSheet[]): Promise<Buffer> {
  const drawn = (await Promise.all(sheets.map(drawSheet))).filter((png) => png !== null);
  const sizes = await Promise.all(drawn.map(async (png) => sharp(png).metadata()));
  const layers = drawn.map((input, index) => ({
    input,
    left: 0,
    top: sizes.slice(0, index).reduce((sum, { height }) => sum + height, 0),
  }));
  return sharp({
    create: {
      width: Math.max(...sizes.map(({ width }) => width)),
      height: sizes.reduce((sum, { height }) => sum + height, 0),
      channels: 3,
      background: 'white',
    },
  })
    .composite(layers)
    .png({ compressionLevel: 9 })
    .toBuffer();
}
