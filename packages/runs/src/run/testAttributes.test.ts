import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Predictions } from '@nonlocal-med/core';
import { afterAll, describe, expect, it } from 'vitest';
import { createRunFolder } from './createRunFolder.js';
import { readRun } from './readRun.js';
import { attributesFromCsv, attributesToCsv, withRecordedAttributes } from './testAttributes.js';
import { readTestPredictions } from './testPredictions.js';

const folder = mkdtempSync(join(tmpdir(), 'attributes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const predictions: Predictions = {
  classes: ['well', 'sick'],
  ids: ['a.png', 'b,c.png', 'd.png'],
  labels: Int32Array.of(0, 1, 1),
  probabilities: Float64Array.of(0.75, 0.25, 0.5, 0.5, 0.25, 0.75),
  groups: ['x', 'x', 'y'],
  attributes: { sex: ['F', '', 'M'], 'scanner, model': ['GE', 'say "B"', 'GE'] },
};

describe('attributes of test images', () => {
  it('are a file beside the predictions, which does not change their form, and come back', async () => {
    const path = join(folder, 'run');
    const run = await createRunFolder(path, {
      config: { model: { name: 'resnet18' } },
      environment: {},
    });
    await run.writeTestPredictions('last', predictions);
    expect(readFileSync(join(path, 'predictions/test-attributes.csv'), 'utf8')).toBe(
      'id,sex,"scanner, model"\na.png,F,GE\n"b,c.png",,"say ""B"""\nd.png,M,GE\n',
    );
    expect(readFileSync(join(path, 'predictions/test-last.csv'), 'utf8').split('\n')[0]).toBe(
      'id,truth,well,sick',
    );
    expect(await readTestPredictions(path)).toEqual(predictions);
    expect((await readRun(path)).predictions.last).toEqual(predictions);
  });

  it('are joined by id; those of an image that is not listed are not known', () => {
    const recorded = attributesFromCsv('id,sex\nd.png,M\na.png,F\n', 'x.csv');
    expect(withRecordedAttributes(predictions, recorded).attributes).toEqual({
      sex: ['F', '', 'M'],
    });
    expect(withRecordedAttributes(predictions, null)).toBe(predictions);
  });

  it('are not written where there are none', () => {
    expect(attributesToCsv({ ...predictions, attributes: undefined })).toBeNull();
    expect(attributesToCsv({ ...predictions, attributes: {} })).toBeNull();
  });

  it.each([
    ['image,sex\n', 'x.csv:1: the header is "image,sex"'],
    ['id\n', 'x.csv:1: the header is "id"'],
    ['id,sex,sex\n', 'x.csv:1: the header is "id,sex,sex"'],
    ['id,sex\na\n', 'x.csv:2: 1 field'],
    ['id,sex\na,F\na,M\n', 'x.csv:3: id "a" is listed twice'],
  ])('are rejected when the text is %j', (text, message) =>
    expect(() => attributesFromCsv(text, 'x.csv')).toThrow(message),
  );
});
