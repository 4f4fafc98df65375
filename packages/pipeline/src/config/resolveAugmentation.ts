import {
  type AugmentationPreset,
  augmentationPresetNames,
  augmentationPresets,
  presetOf,
  recommendAugmentation,
} from '@nonlocal-med/data';
import type { NotedDataset } from '../data/runData.js';
import type { RunConfig } from './runConfigSchema.js';

/** The augmentation of a run, decided. */
export interface ResolvedAugmentation {
  /** With the options of the augmentation spelled out. */
  readonly config: RunConfig;
  /** Null for options that are no preset. */
  readonly preset: AugmentationPreset | null;
  /** Which augmentation it is and why, in one line. */
  readonly note: string;
}

/**
 * Replaces `auto` by the preset that suits the data set, and says which augmentation a run has and why. A preset that was
 * given is kept, but reported if another one suits the data set better.
 */
export async function resolveAugmentation(
  config: RunConfig,
  dataset: NotedDataset,
): Promise<ResolvedAugmentation> {
  const suited = await recommendAugmentation(dataset);
  const { augmentation } = config;
  if (augmentation === 'auto') {
    const { preset, reason } = suited;
    const others = augmentationPresetNames.filter((name) => name !== preset).join(', ');
    return {
      config: { ...config, augmentation: { ...augmentationPresets[preset] } },
      preset,
      note: `augmentation: ${preset} (${reason}; --augment chooses another: ${others})`,
    };
  }
  const preset = presetOf(augmentation) ?? null;
  const unsuited = preset === 'fundus' && suited.preset === 'xray';
  const advice = unsuited ? `, although ${suited.reason}: --augment xray does not flip them` : '';
  return { config, preset, note: `augmentation: ${preset ?? 'own options'} (as given${advice})` };
}
