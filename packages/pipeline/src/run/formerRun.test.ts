import { cp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { predictionsFromCsv, reportedMetric } from '@nonlocal-med/metrics';
import { readRun } from '@nonlocal-med/runs';
import { temporaryFolder } from '@nonlocal-med/testing';
import { describe, expect, it } from 'vitest';
import { openRunData } from '../data/runData.js';
import { predictSamples } from '../inference/evaluateModel.js';
import { openExportedModel } from '../inference/openExportedModel.js';
import { evaluateRun } from './evaluateRun.js';
import { openTrainedRun } from './openTrainedRun.js';
import { resumeRun } from './resumeRun.js';

/** See test/fixtures/README.md for how it was made. */
const folder = fileURLToPath(new URL('../../test/fixtures/run-0.0', import.meta.url));
const read = (file: string, from = folder): Promise<string> => readFile(join(from, file), 'utf8');

/** Everything but the sentences of a report, whose wording may change. */
const withoutTexts = (report: string): unknown =>
  JSON.parse(report, (key, value: unknown) => (/^notes$|Because$/.test(key) ? 'text' : value));

describe('a run written by version 0.0', () => {
  it('opens under the present names of its options, with one note', async () => {
    const notes: string[] = [];
    const { config, model, epoch, weights } = await openTrainedRun({
      folder,
      onNote: (line) => notes.push(line),
    });
    model.dispose();
    expect(config.engine.backend).toBe('wasm');
    expect(config.preprocessing.std).toEqual([0.229, 0.224, 0.225]);
    expect([weights, epoch]).toEqual(['selected', 1]);
    expect(notes.filter((line) => line.includes('former option names'))).toEqual([
      `config.yaml of ${folder} uses former option names: engine.engine is now engine.backend, preprocessing.deviation is now preprocessing.std.`,
    ]);
  });

  it.each(['selected', 'last'] as const)(
    'is evaluated to exactly its recorded metrics with its %s weights',
    async (weights) => {
      const { report, predictions, reproduced } = await evaluateRun({ folder, weights });
      const metrics = withoutTexts(await read('metrics.json')) as Record<string, unknown>;
      expect(withoutTexts(JSON.stringify(report))).toEqual(metrics[weights]);
      expect(reproduced).toBe(true);
      const stored = predictionsFromCsv(await read(`predictions/test-${weights}.csv`));
      expect(predictions.ids).toEqual(stored.ids);
      expect(predictions.probabilities).toEqual(stored.probabilities);
    },
  );

  it('is read as a finished run', async () => {
    const { state, missing, metrics, events } = await readRun(folder);
    expect(state).toBe('finished');
    expect(missing).toEqual([]);
    expect(reportedMetric(metrics!.last, 'auc').value).toBeCloseTo(0.673469, 6);
    expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'finished' });
  });

  it('is tested again from its checkpoints with the same results', async () => {
    const copy = join(await temporaryFolder('former-run'), 'run');
    await cp(folder, copy, { recursive: true });
    for (const file of ['metrics.json', 'predictions', 'model'])
      await rm(join(copy, file), { recursive: true });
    await resumeRun({ folder: copy });
    for (const file of ['predictions/test-last.csv', 'predictions/test-selected.csv'])
      expect(await read(file, copy)).toBe(await read(file));
    const { decision, ...metrics } = withoutTexts(await read('metrics.json', copy)) as Record<
      string,
      unknown
    >;
    expect(metrics).toEqual(withoutTexts(await read('metrics.json')));
    expect(decision).toHaveProperty('selected.before'); // what version 0.0 did not report
  });

  it('has an exported model that predicts the recorded probabilities', async () => {
    const { config, model: trained } = await openTrainedRun({ folder });
    trained.dispose();
    const { split } = await openRunData(config);
    const model = await openExportedModel(folder);
    const { single } = await predictSamples(model, split.test, { workers: 0 });
    const { probabilities } = single;
    model.dispose();
    expect(model.preprocessing).toEqual(config.preprocessing);
    const stored = predictionsFromCsv(await read('predictions/test-selected.csv'));
    for (const [index, probability] of stored.probabilities.entries())
      expect(probabilities[index]).toBeCloseTo(probability, 5);
  });
});
