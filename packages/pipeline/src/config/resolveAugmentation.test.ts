import type { Pixels } from '@nonlocal-med/core';
import { augmentationPresets } from '@nonlocal-med/data';
import { describe, expect, it } from 'vitest';
import type { NotedDataset } from '../data/runData.js';
import { parseRunConfig } from './parseRunConfig.js';
import { resolveAugmentation } from './resolveAugmentation.js';

const pixels: Pixels = {
  data: new Uint8Array(300).fill(80),
  width: 10,
  height: 10,
  channels: 3,
};
const dataset = (name: string, kind: NotedDataset['kind'] = 'folder'): NotedDataset => ({
  name,
  kind,
  classes: ['a', 'b'],
  samples: [{ id: '1.png', label: 0, pixels }],
  skipped: [],
  fingerprint: '',
  notes: [],
});
const config = (augmentation?: unknown): ReturnType<typeof parseRunConfig> =>
  parseRunConfig({ data: { path: '/images' }, augmentation });

describe('resolveAugmentation', () => {
  it('spells out the preset that suits the data set, and says why', async () => {
    const covid = dataset('COVID-19_Radiography_Dataset', 'covid19-radiography');
    const resolved = await resolveAugmentation(config(), covid);
    expect(resolved.config.augmentation).toEqual(augmentationPresets.xray);
    expect(resolved).toMatchObject({
      preset: 'xray',
      note: 'augmentation: xray (the data set is recognized as chest X-rays; --augment chooses another: fundus, light, none)',
    });
    const messidor = await resolveAugmentation(config(), dataset('messidor', 'messidor'));
    expect(messidor.config.augmentation).toEqual(augmentationPresets.fundus);
  });

  it('keeps what was given, and says if fundus does not suit the images', async () => {
    const chest = dataset('chest_xray');
    const fundus = await resolveAugmentation(config('fundus'), chest);
    expect(fundus.config).toEqual(config('fundus'));
    expect(fundus.note).toMatch(
      /^augmentation: fundus \(as given, although the name of the data set, "chest_xray", suggests X-rays/,
    );
    const noteOf = async (augmentation: unknown): Promise<string> =>
      (await resolveAugmentation(config(augmentation), chest)).note;
    expect(await noteOf('xray')).toBe('augmentation: xray (as given)');
    expect(await noteOf(false)).toBe('augmentation: none (as given)');
    expect(await noteOf({ rotation: 0.2 })).toBe('augmentation: own options (as given)');
  });
});
