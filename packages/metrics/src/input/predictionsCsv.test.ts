import type { Predictions } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { randomPredictions } from '../testing/randomPredictions.js';
import { predictionsFromCsv, predictionsToCsv } from './predictionsCsv.js';

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
