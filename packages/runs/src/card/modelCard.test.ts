import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EvaluationReport } from '@nonlocal-med/metrics';
import { temporaryFolder, writeSyntheticRun } from '@nonlocal-med/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { readRun } from '../run/readRun.js';
import { modelCard } from './modelCard.js';
import { writeModelCard } from './modelCardMarkdown.js';
import { parseModelCard } from './parseModelCard.js';

const folder = await temporaryFolder('model-card');

async function subjectOf(name: string, options: object) {
  const run = join(folder, name);
  await writeSyntheticRun(run, { model: 'resnet18', skill: 1, ...options });
  const { config, environment, metrics } = await readRun(run);
  return { config: config!, environment: environment!, metrics: metrics! };
}

describe('the model card', () => {
  let subject: Awaited<ReturnType<typeof subjectOf>>;
  let text: string;
  beforeAll(async () => {
    subject = await subjectOf('run', {
      classes: ['a|b', '<b>*', 'c'],
      decided: true,
      cautions: ['The given split leaks.'],
    });
    await writeModelCard(folder, subject);
    text = await readFile(join(folder, 'README.md'), 'utf8');
  });

  it('has its sections in order, with the numbers of metrics.json', () => {
    expect([...text.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual([
      'Intended use',
      'Data',
      'Training',
      'Results on the test set',
      'Operating points',
      'Limits',
    ]);
    const { auc } = (subject.metrics.selected as EvaluationReport).metrics;
    const mean = (100 * auc.value!).toFixed(1);
    expect(text).toContain(`| mean | 60 | ${mean} (`);
    const [{ chosen, test }] = subject.metrics.decision!.selected!.points;
    expect(text).toContain(`| ${Number(chosen.threshold.toPrecision(4))} | `);
    expect(text).toContain(` ${(100 * test.sensitivity.value!).toFixed(1)} (`);
    expect(text).toContain('The given split leaks.');
    expect(text).toContain('540 training, 60 validation and 60 test images');
    expect(text).toContain('the best checkpoint by the validation set, of epoch 2 of 3');
  });

  it('escapes names from users', () => {
    expect(text).toContain('| a\\|b |');
    expect(text).toContain('\\<b\\>\\*');
    expect(text).not.toContain('<b>');
  });

  it('is read as it was written', () => {
    expect(parseModelCard(text)).toEqual(modelCard(subject));
    expect(parseModelCard('')).toEqual({ title: '', sections: [] });
  });

  it('describes findings, and says why there are no operating points', async () => {
    const findings = ['effusion', 'mass'];
    const card = modelCard(await subjectOf('findings', { findings, selected: false }));
    const [use, , training, results, points] = card.sections;
    expect(use.paragraphs[0]).toBe(
      'resnet18 gives a probability for each of 2 findings: effusion, mass.',
    );
    expect(training.paragraphs[0]).toContain('the weights of the last epoch, 3');
    expect(results.table!.rows.map(([name]) => name)).toEqual(['effusion', 'mass', 'mean']);
    expect(points.paragraphs[0]).toContain('without a validation set');
  });
});
