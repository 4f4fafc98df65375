import type { Pixels } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { type AugmentedDataset, recommendAugmentation } from './recommendAugmentation.js';

const image = (color: readonly [number, number, number]): Pixels => ({
  data: Uint8Array.from({ length: 300 }, (_, i) => color[i % 3]),
  width: 10,
  height: 10,
  channels: 3,
});
const gray = image([90, 90, 90]);
const orange = image([200, 110, 40]);
const dataset = (changes: Partial<AugmentedDataset>, pixels = [orange]): AugmentedDataset => ({
  kind: 'folder',
  name: 'images',
  classes: ['a', 'b'],
  samples: pixels.map((one, index) => ({ id: `a/${index}.png`, label: 0, pixels: one })),
  ...changes,
});
const presetFor = async (given: AugmentedDataset): Promise<string> =>
  (await recommendAugmentation(given)).preset;

describe('recommendAugmentation', () => {
  it('knows public data sets', async () => {
    for (const kind of ['tiny-lesions', 'messidor', 'messidor2', 'eyepacs', 'aptos'] as const)
      expect(await presetFor(dataset({ kind }, [gray]))).toBe('fundus');
    expect(await recommendAugmentation(dataset({ kind: 'covid19-radiography' }))).toEqual({
      preset: 'xray',
      reason: 'the data set is recognized as chest X-rays',
    });
  });

  it.each([
    'COVID-CT',
    'CT_NonCOVID',
    'chest_xray',
    'ChestXRay2017',
    'X-Ray',
    'CXR8',
    'ct scans',
    'lung-radiographs',
    'retinal_OCT',
  ])('takes %s for images that have an upright', async (name) => {
    expect(await presetFor(dataset({ name }))).toBe('xray');
    expect(await presetFor(dataset({ classes: ['normal', name] }))).toBe('xray');
    const samples = [{ id: `${name}/a/1.png`, label: 0, pixels: orange }];
    expect(await presetFor(dataset({ samples }))).toBe('xray');
  });

  it.each(['IDRiD', 'fundus_2024', 'Diabetic Retinopathy', 'retina', 'RIM-ONE glaucoma'])(
    'takes %s for fundus photographs',
    async (name) => {
      expect(await presetFor(dataset({ name }, [gray]))).toBe('fundus');
    },
  );

  it.each(['doctors', 'octopus', 'act', 'normal', 'fracture', 'insect', 'Reactive'])(
    'makes nothing of the name %s',
    async (name) => {
      expect(await presetFor(dataset({ name }, [gray, orange]))).toBe('light');
    },
  );

  it('looks at the pixels where names say nothing, and names what decided', async () => {
    expect(await recommendAugmentation(dataset({}, [gray, gray]))).toEqual({
      preset: 'xray',
      reason: 'its images are grayscale, as X-rays and CT are',
    });
    expect(await presetFor(dataset({}, [orange, orange]))).toBe('fundus');
    const arrow = { ...gray, data: gray.data.slice() };
    arrow.data.set([255, 0, 0]);
    expect(await presetFor(dataset({}, [arrow]))).toBe('xray');
    expect((await recommendAugmentation(dataset({ classes: ['COVID', 'normal'] }))).reason).toBe(
      'the name of a class, "COVID", suggests X-rays, CT or the like',
    );
    const findings = dataset({ task: 'multilabel', classes: ['Pleural effusion'] });
    expect((await recommendAugmentation(findings)).reason).toBe(
      'the name of a finding, "Pleural effusion", suggests X-rays, CT or the like',
    );
  });
});
