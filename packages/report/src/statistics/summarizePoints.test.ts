import { join } from 'node:path';
import { binarySamples, evaluateOperatingPoint } from '@nonlocal-med/metrics';
import { type ExperimentRecord, readExperimentFolder } from '@nonlocal-med/runs';
import { temporaryFolder, writeSyntheticExperiment } from '@nonlocal-med/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { renderSummary } from '../experimentTables/renderSummary.js';
import { summaryToText } from '../experimentTables/summaryToText.js';
import type { PointSummary } from './experimentSummary.js';
import { summarizeExperiment } from './summarizeExperiment.js';

const root = await temporaryFolder('points');
const write = (name: string, repeats: number): ReturnType<typeof writeSyntheticExperiment> =>
  writeSyntheticExperiment(join(root, name), {
    skills: { resnet18: 0.8, 'resnet18-nla': 1.2 },
    classes: ['none', 'some'],
    kind: 'seeds',
    repeats,
    images: 240,
    decided: true,
  });

/** The operating points of the first row. */
const pointsOf = (record: ExperimentRecord): readonly PointSummary[] =>
  summarizeExperiment(record, { weights: 'selected', resamples: 500 }).rows[0].operatingPoints!;

beforeAll(async () => {
  await write('five', 5);
  await write('one', 1);
});

describe('operating points of a row', () => {
  it('are mean and standard deviation over repeats, each at the threshold of its own run', async () => {
    const record = await readExperimentFolder(join(root, 'five'));
    const [point, ...others] = pointsOf(record);
    expect(others).toEqual([]);
    expect(point.point).toBe('some: youden');
    const runs = record.runs.filter(({ row }) => row === 'resnet18').map(({ run }) => run!);
    const thresholds = runs.map(
      ({ metrics }) => metrics!.decision!.selected!.points[0].chosen.threshold,
    );
    expect(point.thresholds).toEqual(thresholds);
    expect(new Set(thresholds).size).toBe(5);
    for (const rate of ['sensitivity', 'specificity'] as const) {
      const values = runs.map(
        ({ predictions }, i) =>
          evaluateOperatingPoint(binarySamples(predictions.selected!, 'some'), thresholds[i])[rate]
            .value!,
      );
      expect(point[rate].values).toEqual(values);
      const mean = values.reduce((a, b) => a + b) / 5;
      const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      expect(point[rate].mean).toBeCloseTo(mean, 12);
      expect(point[rate].standardDeviation).toBeCloseTo(Math.sqrt(squares / 4), 12);
    }
  });

  it('have the interval of the mean over the images, as the normal approximation gives it', async () => {
    const record = await readExperimentFolder(join(root, 'five'));
    const [{ sensitivity, thresholds }] = pointsOf(record);
    const runs = record.runs.filter(({ row }) => row === 'resnet18').map(({ run }) => run!);
    const samples = runs.map(({ predictions }) => binarySamples(predictions.selected!, 'some'));
    /** How many of the five models find each positive image. */
    const shares = [...samples[0].labels.keys()]
      .filter((i) => samples[0].labels[i] === 1)
      .map((i) => samples.filter(({ scores }, r) => scores[i] >= thresholds[r]!).length / 5);
    const mean = shares.reduce((a, b) => a + b) / shares.length;
    const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / shares.length;
    const half = 1.96 * Math.sqrt(variance / shares.length);
    expect(Math.abs(sensitivity.interval!.lower - (mean - half))).toBeLessThan(0.01);
    expect(Math.abs(sensitivity.interval!.upper - (mean + half))).toBeLessThan(0.01);
  });

  it('keep the interval of metrics.json for a single run', async () => {
    const record = await readExperimentFolder(join(root, 'one'));
    const { lower, upper } =
      record.runs[0].run!.metrics!.decision!.selected!.points[0].test.sensitivity.interval!;
    expect(pointsOf(record)[0].sensitivity.interval).toEqual({ lower, upper });
  });

  it('are in the table of every format', async () => {
    const record = await readExperimentFolder(join(root, 'five'));
    const summary = summarizeExperiment(record, { weights: 'selected', resamples: 100 });
    const [{ sensitivity }] = summary.rows[0].operatingPoints!;
    const value = `${(100 * sensitivity.mean!).toFixed(1)} ± ${(100 * sensitivity.standardDeviation!).toFixed(1)}`;
    const formatTable = (_: unknown, rows: readonly (readonly string[])[]): string =>
      rows.map((cells) => cells.join('|')).join('\n');
    expect(summaryToText(summary, { formatTable })).toContain(
      `Operating points\nresnet18||\nsome: youden|${value}|`,
    );
    expect(renderSummary(summary, 'md')).toContain('### Operating points');
    expect(renderSummary(summary, 'tex')).toContain('some: youden');
    const line = renderSummary(summary, 'csv')
      .split('\n')
      .find((text) => text.includes('sensitivity at some: youden'));
    expect(line).toContain(`,${sensitivity.mean},${sensitivity.standardDeviation},`);
    const json = JSON.parse(renderSummary(summary, 'json')) as {
      rows: { operatingPoints?: { sensitivity: { deviation: number } }[] }[];
    };
    expect(json.rows[0].operatingPoints![0].sensitivity.deviation).toBe(
      sensitivity.standardDeviation,
    );
  });
});
