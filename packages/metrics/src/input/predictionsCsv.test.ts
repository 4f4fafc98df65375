import type { FindingPredictions, Predictions } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { randomPredictions } from '../testing/randomPredictions.js';
import { predictionsFromCsv, predictionsToCsv, taskPredictionsFromCsv } from './predictionsCsv.js';

const odd: Predictions = {
  classes: ['no, none', 'a "few"', 'line\nbreak'],
  ids: ['plain.png', 'a,b.png', 'say "x".png', 'two\r\nlines', ' spaces ', '日本.png', ''],
  labels: Int32Array.of(0, 1, 2, -1, 0, 1, 2),
  probabilities: Float64Array.from(Array.from({ length: 7 }, () => [1 / 3, 1e-300, 2 / 3]).flat()),
};

describe('predictions as CSV', () => {
  it('come back bit for bit', () => {
    const predictions = randomPredictions({ count: 200, classes: 4 });
    expect(predictionsFromCsv(predictionsToCsv(predictions))).toEqual(predictions);
  });

  it('come back with any characters in names', () =>
    expect(predictionsFromCsv(predictionsToCsv(odd))).toEqual(odd));

  it('have the documented format', () => {
    const text = predictionsToCsv({
      classes: ['a', 'b,c'],
      ids: ['x', 'y"'],
      labels: Int32Array.of(1, -1),
      probabilities: Float64Array.of(0.25, 0.75, 1 / 3, 2 / 3),
    });
    expect(text).toBe(
      'id,truth,a,"b,c"\nx,"b,c",0.25,0.75\n"y""",,0.3333333333333333,0.6666666666666666\n',
    );
  });

  it('are read with CRLF, a byte order mark, empty lines and no final line break', () => {
    const { ids, labels } = predictionsFromCsv(
      '\uFEFFid,truth,a,b\r\n\r\nx,a,0.5,0.5\r\n"y",b,1,0',
    );
    expect(ids).toEqual(['x', 'y']);
    expect([...labels]).toEqual([0, 1]);
  });

  it('may be empty', () =>
    expect(predictionsFromCsv('id,truth,a,b\n')).toEqual({
      classes: ['a', 'b'],
      ids: [],
      labels: new Int32Array(0),
      probabilities: new Float64Array(0),
    }));

  it('are rejected with all issues and their lines', () => {
    const text =
      'id,truth,a,b\n"x\ny",a,0.5,0.5\nz,c,0.5,0.5\nz,a,0.5\nw,a,,1\nv,b,0.9,0.9\nu,b,0x1,nan\n';
    expect(() => predictionsFromCsv(text, { path: 'run/test.csv' })).toThrow(
      [
        '6 problems:',
        'run/test.csv:4: unknown truth "c" (one of a, b, or empty)',
        'run/test.csv:5: 3 fields (4, as in the header)',
        'run/test.csv:5: id "z" is listed twice',
        'run/test.csv:6: NaN for class 0 is not a probability (numbers from 0 to 1)',
        'run/test.csv:7: the probabilities sum to 1.8',
      ].join('\n  '),
    );
  });

  it.each([
    ['', 'the header is ""'],
    ['id,truth,a\n', 'the header is "id,truth,a"'],
    ['id,label,a,b\n', 'the header is "id,label,a,b"'],
    ['id,truth,a,a\n', 'the header is "id,truth,a,a"'],
    [
      'id,truth,a,b\n"x,a,1,0\n',
      'predictions.csv:2: is not valid CSV: a quotation mark is not closed',
    ],
    [
      'id,truth,a,b\nx"y,a,1,0\n',
      'predictions.csv:2: is not valid CSV: a quotation mark is not closed, or appears inside',
    ],
  ])('are rejected when the text is %j', (text, message) =>
    expect(() => predictionsFromCsv(text)).toThrow(message),
  );

  it('are not written when they could not be read back', () => {
    expect(() => predictionsToCsv({ ...odd, classes: ['', 'b', 'c'] })).toThrow(
      'a class has no name',
    );
    expect(() => predictionsToCsv({ ...odd, ids: odd.ids.map(() => 'same') })).toThrow(
      '"same" is listed twice',
    );
    expect(() => predictionsToCsv({ ...odd, labels: odd.labels.map(() => 7) })).toThrow(
      'sample "plain.png": 7 is not a class index',
    );
    expect(() =>
      predictionsToCsv({
        ...odd,
        probabilities: odd.probabilities.map((p, i) => (i === 4 ? NaN : p)),
      }),
    ).toThrow('sample "a,b.png": NaN for class 1');
  });
});

const findings: FindingPredictions = {
  findings: ['mass, left', 'a "few"', 'truth:odd'],
  ids: ['plain.png', 'a,b.png'],
  labels: Int32Array.of(1, 0, -1, -1, 1, 0),
  probabilities: Float64Array.of(1 / 3, 1e-300, 1, 0, 0.1 + 0.2, 2 / 3),
};

describe('predictions of findings as CSV', () => {
  it('have the documented format', () =>
    expect(predictionsToCsv({ ...findings, findings: ['effusion', 'a,b', 'c'] })).toBe(
      'id,truth:effusion,"truth:a,b",truth:c,effusion,"a,b",c\n' +
        'plain.png,1,0,,0.3333333333333333,1e-300,1\n' +
        '"a,b.png",,1,0,0,0.30000000000000004,0.6666666666666666\n',
    ));

  it('come back bit for bit, and are told apart from those of classes', () => {
    expect(taskPredictionsFromCsv(predictionsToCsv(findings))).toEqual(findings);
    expect(taskPredictionsFromCsv(predictionsToCsv(odd))).toEqual(odd);
  });

  it('may be of one finding, and of no image', () => {
    const text = 'id,truth:mass,mass\n';
    expect(taskPredictionsFromCsv(text)).toEqual({
      findings: ['mass'],
      ids: [],
      labels: new Int32Array(0),
      probabilities: new Float64Array(0),
    });
    expect(taskPredictionsFromCsv(`${text}a, 1 ,0.5\r\n`)).toMatchObject({ ids: ['a'] });
  });

  it('are rejected with all issues and their lines', () => {
    const text = 'id,truth:a,truth:b,a,b\nx,1,0,0.5,0.5\nx,1,0,0.5\ny,2,-1,0.5,0.5\nz,1,,1.5,\n';
    expect(() => taskPredictionsFromCsv(text, { path: 'test.csv' })).toThrow(
      [
        '6 problems:',
        'test.csv:3: id "x" is listed twice',
        'test.csv:3: 4 fields (5, as in the header)',
        'test.csv:4: the truth of "a" is "2" (1 present, 0 absent, empty if not known)',
        'test.csv:4: the truth of "b" is "-1" (1 present, 0 absent, empty if not known)',
        'test.csv:5: "1.5" for "a" is not a probability (a number from 0 to 1)',
        'test.csv:5: "" for "b" is not a probability (a number from 0 to 1)',
      ].join('\n  '),
    );
  });

  it.each(['id,truth:a,b', 'id,truth:a,a,truth:b,b', 'id,truth:a,truth:a,a,a', 'id,truth:,'])(
    'are rejected when the header is %j',
    (header) =>
      expect(() => taskPredictionsFromCsv(`${header}\n`)).toThrow(`the header is "${header}"`),
  );

  it('are not written when they could not be read back', () => {
    expect(() => predictionsToCsv({ ...findings, findings: ['a', '', 'c'] })).toThrow(
      'a finding has no name',
    );
    expect(() => predictionsToCsv({ ...findings, labels: findings.labels.map(() => 2) })).toThrow(
      'the label of "mass, left" is 2',
    );
  });
});
