import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@nonlocal-med/core';
import { decodeImage } from '@nonlocal-med/data';
import { reportedMetric } from '@nonlocal-med/metrics';
import { openRunFolder } from '@nonlocal-med/runs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRunConfig, readRunConfig } from '../config/parseRunConfig.js';
import { openExportedModel } from '../inference/openExportedModel.js';
import { predictImages } from '../inference/predictImages.js';
import { startRun } from './startRun.js';

const SIDE = 64;

/** How much the brightness differs between images: over three quarters of the range, or by three levels of 8 bits. */
type Exposures = 'different' | 'similar';

/** A detector with this many bits, in 16-bit files. */
interface Detector {
  readonly bits: 12 | 14;
  /** Values per level if the file is scaled to 8 bits by its own maximum: 4,095 or 65,535. */
  readonly perLevel: number;
}

/**
 * A flat image of a random brightness, noisy in its lowest bits. Lesions are brighter than the rest, but by less than a
 * level of 8 bits: base and lesion are both rounded to the same level. The brightness is in the upper three quarters, so
 * that no 14-bit image passes for one of 12 bits.
 */
function flatImage(
  { bits, perLevel }: Detector,
  {
    seed,
    lesions,
    exposures = 'different',
  }: { seed: number; lesions: boolean; exposures?: Exposures },
): Uint16Array {
  const levels = Math.floor((2 ** bits - 1) / perLevel);
  const random = createRandom(seed, 'low bits');
  const level =
    exposures === 'different'
      ? Math.ceil(levels / 4) + 2 + random.integer(Math.floor((3 * levels) / 4) - 4)
      : Math.ceil(0.6 * levels) + random.integer(4);
  const base = Math.round(level * perLevel - perLevel / 4);
  const values = new Uint16Array(SIDE * SIDE).map(() => base + random.integer(3) - 1);
  for (let lesion = 0; lesion < 12; lesion++) {
    const [x, y] = [4 + random.integer(SIDE - 8), 8 + random.integer(SIDE - 12)];
    if (!lesions) continue;
    for (let dy = -2; dy <= 2; dy++)
      for (let dx = -2; dx <= 2; dx++)
        values[(y + dy) * SIDE + x + dx] = base + Math.floor(perLevel / 2) - 1 + (dx & 1);
  }
  return values;
}

const encode = (values: Uint16Array): Promise<Buffer> =>
  sharp(values, { raw: { width: SIDE, height: SIDE, channels: 1 } })
    .toColourspace('grey16')
    .png()
    .toBuffer();

const DETECTORS: readonly (readonly [string, Detector])[] = [
  ['12-bit', { bits: 12, perLevel: 4095 / 255 }],
  ['14-bit', { bits: 14, perLevel: 65535 / 255 }],
];

describe.each(DETECTORS)('%s images whose lesions exist only in the low bits', (_, detector) => {
  it('are equal with and without lesions if each is scaled to 8 bits on its own', async () => {
    for (const [seed, exposures] of [
      [1, 'different'],
      [2, 'different'],
      [3, 'similar'],
      [4, 'similar'],
    ] as const) {
      const without = await encode(flatImage(detector, { seed, exposures, lesions: false }));
      const lesions = await encode(flatImage(detector, { seed, exposures, lesions: true }));
      expect((await decodeImage(lesions)).data).toEqual((await decodeImage(without)).data);
      const values = [0, 2 ** detector.bits - 1] as const;
      expect((await decodeImage(lesions, { values })).data).not.toEqual(
        (await decodeImage(without, { values })).data,
      );
    }
  });
});

/**
 * CLAHE on so many bins gives every value that occurs in a tile an equal step, whatever its distance from the next one.
 * In tiles of 64 pixels as here, that raises noise of one unit as much as a lesion of seven: a lesion's contrast falls
 * from 9 times the noise (12 bits; 14 bits: 156) to 2 times, at an unchanged brightness. Where the brightness differs
 * by a hundred times the contrast, that is too little: AUC 0.63 after 40 epochs (12 bits), where local-mean, which
 * removes the brightness, needs 8. Where exposures are similar, the default suffices.
 */
const TRAININGS = DETECTORS.flatMap(
  ([name, detector]) =>
    [
      [name, 'different', { detector, contrast: 'local-mean', epochs: 8 }],
      [name, 'similar', { detector, contrast: undefined, epochs: 12 }],
    ] as const,
);

describe.skipIf(process.env.NONLOCAL_MED_SLOW !== '1').each(TRAININGS)(
  'a model trained on %s images of %s exposures with lesions in the low bits (NONLOCAL_MED_SLOW=1)',
  (_, exposures, { detector, contrast, epochs }) => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'low-bits-'));
      for (const name of ['none', 'lesions']) {
        await mkdir(join(folder, 'images', name), { recursive: true });
        for (let index = 0; index < 100; index++) {
          const seed = index * 2 + Number(name === 'none');
          const values = flatImage(detector, { seed, exposures, lesions: name === 'lesions' });
          await writeFile(join(folder, 'images', name, `${index}.png`), await encode(values));
        }
      }
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    it(`finds them with contrast ${contrast ?? 'clahe, the default'}: AUC above 0.95, and predicts files on the recorded scale`, async () => {
      const config = parseRunConfig({
        data: { path: join(folder, 'images'), cacheFolder: null },
        split: { test: 0.3, validation: 0 },
        preprocessing: { size: SIDE, color: 'grey', ...(contrast && { contrast }) },
        augmentation: false,
        model: { name: 'resnet18' },
        training: {
          epochs,
          batchSize: 10,
          learningRate: 1e-3,
          ...(contrast === undefined ? { schedule: 'cosine' } : {}),
        },
        seed: 1,
      });
      expect(config.preprocessing.contrast).toBe(contrast ?? 'clahe');
      const run = join(folder, 'run');
      const { metrics } = await startRun(config, { folder: run });
      const auc = reportedMetric(metrics!.last, 'auc').value;
      expect(auc).toBeGreaterThan(0.95);
      const values = [0, 2 ** detector.bits - 1];
      expect(readRunConfig(await openRunFolder(run)).preprocessing.values).toEqual(values);
      const model = await openExportedModel(run);
      try {
        expect(model.preprocessing.values).toEqual(values);
        const files = ['none', 'lesions'].map((name) => join(folder, 'images', name, '3.png'));
        const { probabilities } = await predictImages(model, files, { workers: 0 });
        const lesions = model.labels.indexOf('lesions');
        expect(probabilities[lesions]).toBeLessThan(probabilities[2 + lesions]);
      } finally {
        model.dispose();
      }
    }, 3_600_000);
  },
);
