import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Predictions } from '@nonlocal-med/core';
import { externalRun, readRun, type RunRecord } from '@nonlocal-med/runs';
import { temporaryFolder, writeSyntheticRun } from '@nonlocal-med/testing';
import { parseHTML } from 'linkedom';
import { beforeAll, describe, expect, it } from 'vitest';
import { readerMarks } from './figure/readerMarks.js';
import type { PageRun } from './pageModel.js';
import { reportPage } from './reportPage.js';
import { writeReport } from './writeReport.js';

const folder = await temporaryFolder('readers-on-page');
const classes = ['none', 'some'];
let run: RunRecord;
let readers: RunRecord;
let vendor: RunRecord;

beforeAll(async () => {
  await writeSyntheticRun(join(folder, 'run'), { model: 'resnet18', skill: 1, classes });
  run = await readRun(join(folder, 'run'));
  const { ids, labels } = run.predictions.last as Predictions;
  const files = ['ana', 'ben', 'cem'].map((name, reader) => {
    const file = join(folder, `${name}.csv`);
    const lines = ids.map((id, i) => {
      const isWrong = i % (reader + 3) === 0;
      return `${id},${classes[isWrong ? 1 - labels[i] : labels[i]]}`;
    });
    writeFileSync(file, `id,prediction\n${lines.join('\n')}\n`);
    return file;
  });
  readers = await externalRun({ name: 'Readers', files }, run);
  const scores = join(folder, 'vendor.csv');
  const lines = ids.map((id, i) => `${id},${labels[i] === 1 ? 0.8 : (i % 10) / 10}`);
  writeFileSync(scores, `id,probability\n${lines.join('\n')}\n`);
  vendor = await externalRun({ name: 'Vendor 2.1', files: [scores] }, run);
});

describe('readerMarks', () => {
  it('are the rates of each reader and of the majority', () => {
    const { ids, labels } = run.predictions.last as Predictions;
    const marks = readerMarks('roc', readers as PageRun, 'some');
    expect(marks.map(({ name, isMajority }) => [name, isMajority])).toEqual([
      ['ana', false],
      ['ben', false],
      ['cem', false],
      ['majority', true],
    ]);
    const share = (label: number, isCounted: (i: number) => boolean): number => {
      const members = [...ids.keys()].filter((i) => labels[i] === label);
      return members.filter(isCounted).length / members.length;
    };
    expect(marks[1].x).toBeCloseTo(
      share(0, (i) => i % 4 === 0),
      12,
    );
    expect(marks[1].y).toBeCloseTo(
      share(1, (i) => i % 4 > 0),
      12,
    );
    const [first] = readerMarks('precision-recall', readers as PageRun, 'some');
    const called = [...ids.keys()].filter((i) => (labels[i] === 1) === i % 3 > 0);
    const right = called.filter((i) => labels[i] === 1).length;
    expect(first.x).toBeCloseTo(marks[0].y, 12);
    expect(first.y).toBeCloseTo(right / called.length, 12);
  });

  it('are none for probabilities', () => {
    expect(readerMarks('roc', vendor as PageRun, 'some')).toEqual([]);
    expect(readerMarks('roc', run as PageRun, 'some')).toEqual([]);
  });
});

describe('a page with predictions made elsewhere', () => {
  it('shows readers as points without a curve, and the command that makes it again', async () => {
    const page = await reportPage({ runs: [run, vendor, readers], base: folder, images: 0 });
    const { document } = parseHTML(page);
    const text = (selector: string): string =>
      [...document.querySelectorAll(selector)].map(({ textContent }) => textContent).join('\n');
    const curves = text('#curves').replaceAll(/\s+/g, ' ');
    expect(curves).toContain('a diamond is the majority of several');
    expect(curves).toMatch(/\d\.\d{3} \(ana\)/);
    expect(curves).toMatch(/\d\.\d{3} \(majority\)/);
    const [plot] = document.querySelectorAll('#curves figure svg');
    expect(plot.querySelectorAll('g.series-2 path')).toHaveLength(4);
    expect(plot.querySelectorAll('g.series-1 path')).toHaveLength(1);
    const command =
      "pnpm --filter eval start report run 'Vendor 2.1=vendor.csv' Readers=ana.csv,ben.csv,cem.csv";
    expect(text('#repeat pre')).toContain(command);
    expect(text('#repeat pre')).not.toContain('vendor.csv/config.yaml');
  });

  it('says of readers why there is no AUC to compare, and compares the sensitivity', async () => {
    const page = await reportPage({ runs: [run, readers], base: folder, images: 0 });
    const { document } = parseHTML(page);
    const textOf = (selector: string): string =>
      document.querySelector(selector)!.textContent.replaceAll(/\s+/g, ' ').trim();
    expect(textOf('#summary .lead')).toMatch(
      /^The AUCs of Readers and resnet18 cannot be compared: only decisions are given, no probabilities\. The sensitivity of Readers is equal to that of resnet18 \(95 % confidence interval of the difference .*\)\. The difference is (not )?statistically significant \(/,
    );
    expect(textOf('#summary')).toContain('resnet18 was trained once.');
    expect(textOf('#summary .key-numbers')).toMatch(
      /Difference in AUC – only decisions are given, no probabilities/,
    );
  });

  it('is written beside the run that the predictions are compared with', async () => {
    const { file } = await writeReport({ runs: [run, readers], base: folder, images: 0 });
    expect(file).toBe(join(folder, 'run/comparison.html'));
  });
});
