import { readFileSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCsv } from '@nonlocal-med/core';
import {
  binarySamples,
  chooseDecision,
  type DecisionReport,
  decisionsFromCsv,
  evaluateOperatingPoint,
  parseDecisionRule,
  predictionsToCsv,
} from '@nonlocal-med/metrics';
import { parseRunConfig, startRun } from '@nonlocal-med/pipeline';
import { readTestPredictions, readValidationPredictions } from '@nonlocal-med/runs';
import { imageFolder, temporaryFolder } from '@nonlocal-med/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { oneLine, printEval } from '../testing/runEval.js';

const folder = await temporaryFolder('operating-points');
const run = (...parameters: string[]): Promise<string> => printEval(folder, ...parameters);

const evaluate = async (...parameters: string[]): Promise<DecisionReport> => {
  const text = await run('evaluate', 'run', '--json', ...parameters);
  return (JSON.parse(text) as { decision: DecisionReport }).decision;
};

let classes: readonly string[];
beforeAll(async () => {
  await imageFolder(join(folder, 'images'), { images: 90 });
  const config = parseRunConfig({
    data: { path: join(folder, 'images'), cacheFolder: null },
    split: { test: 0.3, validation: 0.5 },
    preprocessing: { size: 48 },
    model: { name: 'resnet18' },
    training: { epochs: 1, batchSize: 8 },
    explanations: { images: 0 },
    loader: { workers: 0 },
  });
  const { metrics } = await startRun(config, { folder: join(folder, 'run') });
  classes = metrics!.classes;
});

describe('evaluate', () => {
  it('reports the operating points of the run as its metrics.json does', async () => {
    const recorded = JSON.parse(readFileSync(join(folder, 'run/metrics.json'), 'utf8')) as {
      decision: { selected: DecisionReport };
    };
    expect(await evaluate()).toEqual(recorded.decision.selected);
  });

  it('chooses others on the validation set and tests them on the test set', async () => {
    const validation = (await readValidationPredictions(join(folder, 'run'), 'selected'))!;
    const [point] = chooseDecision(validation, {
      rules: [parseDecisionRule(`${classes[0]}: specificity>=0.8`)],
    }).points;
    const report = await evaluate('--class', classes[0], '--specificity', '0.8');
    expect(report.points.map(({ chosen }) => chosen)).toEqual([point]);
    const test = binarySamples(await readTestPredictions(join(folder, 'run')), classes[0]);
    expect(report.points[0].test).toEqual(evaluateOperatingPoint(test, point.threshold));
  });

  it('writes the decisions beside the predictions, which compare reads', async () => {
    await run('evaluate', 'run', '--predictions', 'own.csv', '--operating-point', 'f1');
    const recorded = readFileSync(join(folder, 'run/predictions/test-selected.csv'), 'utf8');
    expect(readFileSync(join(folder, 'own.csv'), 'utf8')).toBe(recorded);
    const decided = decisionsFromCsv(readFileSync(join(folder, 'own-decisions.csv'), 'utf8'));
    expect(predictionsToCsv(decided.predictions)).toBe(recorded);
    const [{ chosen, test }] = (await evaluate('--operating-point', 'f1')).points;
    expect(decided.names).toEqual(chosen.positive);
    const positive = decided.decisions.filter(([{ isPositive }]) => isPositive);
    expect(positive).toHaveLength(test.ppv.total);

    const compared = await run('compare', 'run', 'Again=own-decisions.csv');
    expect(compared).toContain(`Columns that are not used: decision:${chosen.positive[0]}`);
    const alone = await run('compare', 'own-decisions.csv', 'own.csv', '--json');
    const { runs } = JSON.parse(alone) as { runs: { name: string; report: unknown }[] };
    expect(runs.map(({ name }) => name)).toEqual(['own-decisions', 'own']);
    expect(runs[0].report).toEqual(runs[1].report);
  });

  it('says it as a sentence, with what the validation set cannot show', async () => {
    const text = await run(
      'evaluate',
      'run',
      '--operating-point',
      `${classes[1]}: sensitivity>=0.99`,
    );
    expect(oneLine(text)).toMatch(
      new RegExp(
        `Operating points ${classes[1]}: Sensitivity \\d+\\.\\d % \\([\\d.]+ to [\\d.]+\\) at specificity \\d+\\.\\d % \\([\\d.]+ to [\\d.]+\\), threshold \\S+ chosen on \\d+ validation images for a sensitivity of at least 99 %\\.`,
      ),
    );
    expect(oneLine(text)).toMatch(
      /The validation set is too small for a sensitivity of 99 %: of \d+ positive images/,
    );
    expect(text).toMatch(/\nCalibration \(temperature \S+, not applied\)|\nNot calibrated: /);
  });

  it('refuses rules that cannot be read, unknown classes, and a run without a validation set', async () => {
    await expect(run('evaluate', 'run', '--specificity', '95')).rejects.toThrow(
      '--specificity: got "95" (the wanted specificity, above 0 and at most 1, e.g. 0.95)',
    );
    await expect(run('evaluate', 'run', '--class', 'cat')).rejects.toThrow('unknown class "cat"');
    await expect(
      run('evaluate', 'run/model', '--data', 'images', '--specificity', '0.9'),
    ).rejects.toThrow('has no validation predictions to choose on');
  });
});

describe('predict', () => {
  interface Result {
    readonly images: readonly {
      readonly probabilities: Record<string, number>;
      readonly decisions: readonly {
        readonly positive: string[];
        readonly threshold: number;
        readonly score: number;
        readonly margin: number;
        readonly isPositive: boolean;
        readonly rule: string;
      }[];
    }[];
  }

  it('gives a decision and its margin as text, CSV and JSON', async () => {
    const recorded = JSON.parse(readFileSync(join(folder, 'run/decision.json'), 'utf8')) as {
      points: { positive: string[]; threshold: number }[];
    };
    const [{ positive, threshold }] = recorded.points;
    const text = await run('predict', 'run', 'images', '--csv', 'out.csv', '--json', 'out.json');
    expect(text).toContain(`  ${positive[0]} from `);
    const { images } = JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')) as Result;
    const [header, ...rows] = parseCsv(readFileSync(join(folder, 'out.csv'), 'utf8'));
    const column = (name: string): number => header.fields.indexOf(name);
    images.forEach(({ probabilities, decisions: [decision] }, row) => {
      const score = probabilities[positive[0]];
      expect(decision).toMatchObject({ positive, threshold, score, rule: 'youden' });
      expect(decision.isPositive).toBe(score >= threshold);
      const { fields } = rows[row];
      expect(fields[column(`decision:${positive[0]}`)]).toBe(score >= threshold ? 'yes' : 'no');
      expect(Number(fields[column(`margin:${positive[0]}`)])).toBe(score - threshold);
    });
    const few = await run('predict', 'run/model', 'images', '--ignore-labels');
    expect(few).toContain('Decisions at the operating points of the model');
  });

  it('still predicts with a model that has no decision, and says that it is not calibrated', async () => {
    await cp(join(folder, 'run/model'), join(folder, 'older'), { recursive: true });
    await rm(join(folder, 'older/decision.json'));
    const text = await run('predict', 'older', 'images');
    expect(text).not.toContain('Decisions at');
    await expect(run('predict', 'older', 'images', '--calibrated')).rejects.toThrow(
      'has no decision.json, so no calibration is known',
    );
  });
});
