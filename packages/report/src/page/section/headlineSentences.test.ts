import { join } from 'node:path';
import { readExperimentFolder } from '@nonlocal-med/runs';
import {
  type SyntheticExperiment,
  temporaryFolder,
  writeSyntheticExperiment,
} from '@nonlocal-med/testing';
import { describe, expect, it } from 'vitest';
import { summarizeExperiment } from '../../statistics/summarizeExperiment.js';
import { headlineSentences } from './headlineSentences.js';

const folder = await temporaryFolder('headline');

async function sentences(name: string, experiment: SyntheticExperiment): Promise<string[]> {
  await writeSyntheticExperiment(join(folder, name), experiment);
  return headlineSentences(
    summarizeExperiment(await readExperimentFolder(join(folder, name)), { resamples: 200 }),
  );
}

describe('headlineSentences', () => {
  it('reports the direction, interval and significance of a difference', async () => {
    const [better] = await sentences('better', {
      skills: { resnet18: 0.2, 'resnet18-nla': 2.5 },
      repeats: 4,
    });
    expect(better).toMatch(
      /^Over 4 repeats, the mean AUC of resnet18-nla is \d+\.\d\d percentage points higher than that of resnet18 \(95 % confidence interval of the difference \+\d+\.\d\d to \+\d+\.\d\d\)\. The difference is statistically significant \(corrected resampled t test, adjusted p (< 0\.001|= 0\.0\d\d)\)\.$/,
    );
    const [worse] = await sentences('worse', {
      skills: { resnet18: 2.5, 'resnet18-nla': 0.2 },
      repeats: 4,
    });
    expect(worse).toMatch(
      /resnet18-nla is \d+\.\d\d percentage points lower than that of resnet18 .* The difference is statistically significant/,
    );
  });

  it('counts many comparisons by verdict', async () => {
    const [counted] = await sentences('many', {
      skills: { resnet18: 1, a: 1, b: 1, c: 2.8, d: 1 },
      repeats: 4,
    });
    expect(counted).toMatch(
      /^Of 4 models, 1 differs significantly in AUC from its baseline: c \(\+\d+\.\d\d\); 3 do not differ significantly: a \(.*\), b \(.*\), d \(.*\)\. Differences in AUC are in percentage points\.$/,
    );
  });

  it('reports a difference that is not significant, and what the result applies to', async () => {
    const [same, , limits] = await sentences('same', {
      skills: { resnet18: 1, a: 1, b: 1 },
      repeats: 4,
      kind: 'seeds',
    });
    expect(same).toMatch(/The difference is not statistically significant \(/);
    expect(limits).toBe(
      'All repeats share one split, so a different choice of test images may give a different result. P values are adjusted for 2 comparisons (Holm). These results apply to this data set and these settings only.',
    );
  });

  it('makes no claim from too few repeats', async () => {
    const [few] = await sentences('few', {
      skills: { resnet18: 0.2, 'resnet18-nla': 2.5 },
      repeats: 2,
    });
    expect(few).toContain(
      'It cannot be determined whether the difference is statistically significant: both models have finished 2 repeats, at least 3 are needed.',
    );
  });
});
