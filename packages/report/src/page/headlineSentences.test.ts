import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readExperimentFolder } from '@nonlocal-med/runs';
import { type SyntheticExperiment, writeSyntheticExperiment } from '@nonlocal-med/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { summarizeExperiment } from '../summary/summariseExperiment.js';
import { headlineSentences } from './headlineSentences.js';

const folder = mkdtempSync(join(tmpdir(), 'headline-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function say(name: string, experiment: SyntheticExperiment): Promise<string[]> {
  await writeSyntheticExperiment(join(folder, name), experiment);
  return headlineSentences(
    summarizeExperiment(await readExperimentFolder(join(folder, name)), { resamples: 200 }),
  );
}

describe('headlineSentences', () => {
  it('says which way a difference goes and that it is more than noise', async () => {
    const [better] = await say('better', {
      skills: { resnet18: 0.2, 'resnet18-nla': 2.5 },
      repeats: 4,
    });
    expect(better).toMatch(
      /^Over 4 repeats the mean AUC of resnet18-nla is \d+\.\d\d points above that of resnet18 \(95 % interval of the difference \+\d+\.\d\d to \+\d+\.\d\d\)\. That is more than noise \(corrected resampled t, adjusted p (< 0\.001|= 0\.0\d\d)\)\.$/,
    );
    const [worse] = await say('worse', {
      skills: { resnet18: 2.5, 'resnet18-nla': 0.2 },
      repeats: 4,
    });
    expect(worse).toMatch(
      /resnet18-nla is \d+\.\d\d points below that of resnet18 .* That is more than noise/,
    );
  });

  it('counts where there are many, those that do not differ too', async () => {
    const [counted] = await say('many', {
      skills: { resnet18: 1, a: 1, b: 1, c: 2.8, d: 1 },
      repeats: 4,
    });
    expect(counted).toMatch(
      /^Of 4 models, 1 differs in AUC from its baseline by more than noise: c \(\+\d+\.\d\d\); 3 by no more than noise: a \(.*\), b \(.*\), d \(.*\) \(points of AUC\)\.$/,
    );
  });

  it('does not sell noise, nor too few repeats', async () => {
    const [same, , limits] = await say('same', {
      skills: { resnet18: 1, a: 1, b: 1 },
      repeats: 4,
      kind: 'seeds',
    });
    expect(same).toMatch(/That is no more than noise \(/);
    expect(limits).toBe(
      'All repeats share one split: another choice of test images may give another result. P-values are corrected for the 2 comparisons (Holm). It speaks of this data set and these settings, not of others.',
    );
    const [few] = await say('few', { skills: { resnet18: 0.2, 'resnet18-nla': 2.5 }, repeats: 2 });
    expect(few).toContain(
      'Whether that is more than noise cannot be said: 2 repeats of both, at least 3 are needed.',
    );
  });
});
