import type { FindingPredictions, Predictions } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { chooseDecision, type Decision } from '../decision/chooseDecision.js';
import { decidePredictions } from '../decision/decidePredictions.js';
import { parseDecisionRule } from '../decision/decisionRule.js';
import { applyCalibration } from '../probability/fitCalibration.js';
import { randomPredictions } from '../testing/randomPredictions.js';
import { decisionCells } from './decisionColumns.js';
import { decisionsFromCsv, decisionsToCsv } from './decisionsCsv.js';
import { predictionsToCsv, taskPredictionsFromCsv } from './predictionsCsv.js';

const validation = randomPredictions({ count: 60, classes: 3 });
const decide = (calibrated: boolean, ...rules: string[]): Decision =>
  chooseDecision(validation, { rules: rules.map((rule) => parseDecisionRule(rule)), calibrated });
const rules = ['grade 1+grade 2: specificity>=0.9', 'grade 2: youden', 'grade 2: sensitivity>=0.9'];

describe('decisions as CSV', () => {
  it('have the documented format', () => {
    const test: Predictions = {
      classes: ['none', 'some'],
      ids: ['a.png', 'b,c.png'],
      labels: Int32Array.of(1, -1),
      probabilities: Float64Array.of(0.25, 0.75, 0.875, 0.125),
    };
    const decision = chooseDecision({ ...test, labels: Int32Array.of(1, 0) });
    expect(decisionsToCsv(decidePredictions(test, decision))).toBe(
      'id,truth,none,some,decision:some,margin:some\na.png,some,0.25,0.75,yes,0.3125\n"b,c.png",,0.875,0.125,no,-0.3125\n',
    );
  });

  it.each([false, true])('come back bit for bit, calibrated: %s', (calibrated) => {
    const decision = decide(calibrated, ...rules);
    const decided = decidePredictions(validation, decision);
    const { predictions, names, decisions } = decisionsFromCsv(decisionsToCsv(decided));
    expect(predictions).toEqual(
      calibrated ? applyCalibration(validation, decision.calibration) : validation,
    );
    expect(names).toEqual(['grade 1+grade 2', 'grade 2:youden', 'grade 2:sensitivity>=0.9']);
    expect(decisions.map(decisionCells)).toEqual(decided.decisions.map(decisionCells));
  });

  it('agree with the rates that were found when the thresholds were chosen', () => {
    const { points, calibratedPoints } = decide(true, ...rules);
    for (const calibrated of [false, true]) {
      const { decisions } = decidePredictions(validation, decide(calibrated, ...rules));
      (calibrated ? calibratedPoints : points).forEach(({ positive, sensitivity }, p) => {
        const isPositive = [...validation.labels].map((label) =>
          positive.includes(validation.classes[label]),
        );
        const found = decisions.filter((image, i) => isPositive[i] && image[p].isPositive);
        expect(found.length / isPositive.filter(Boolean).length).toBe(sensitivity);
      });
    }
  });

  it('are made for each finding, with its own calibration', () => {
    const test: FindingPredictions = {
      findings: ['mass', 'effusion'],
      ids: ['a', 'b', 'c', 'd'],
      labels: Int32Array.of(1, 0, 0, 1, 1, 0, 0, -1),
      probabilities: Float64Array.of(0.8, 0.2, 0.4, 0.7, 0.3, 0.6, 0.1, 0.5),
    };
    const decision = chooseDecision(test, { calibrated: true });
    const text = decisionsToCsv(decidePredictions(test, decision));
    expect(text.split('\n')[0]).toBe(
      'id,truth:mass,truth:effusion,mass,effusion,decision:mass,margin:mass,decision:effusion,margin:effusion',
    );
    const { predictions, decisions } = decisionsFromCsv(text);
    expect(predictions).toEqual(applyCalibration(test, decision.calibration));
    const [{ threshold }] = decision.calibratedPoints;
    expect(decisions[0][0].margin).toBe(predictions.probabilities[0] - threshold);
  });

  it('are refused about a class that the predictions lack', () =>
    expect(() =>
      decidePredictions(randomPredictions({ count: 3, classes: 2 }), decide(false, ...rules)),
    ).toThrow('decision.json: unknown class "grade 2"'));
});

describe('a table of predictions with decisions', () => {
  it('is read as one of predictions', () => {
    const text = decisionsToCsv(decidePredictions(validation, decide(false, ...rules)));
    expect(taskPredictionsFromCsv(text)).toEqual(validation);
  });

  it('may have classes of these names', () => {
    const odd = { ...validation, classes: ['none', 'decision:some', 'margin:some'] };
    expect(taskPredictionsFromCsv(predictionsToCsv(odd))).toEqual(odd);
  });

  it('is rejected with all issues of its decisions and their lines', () => {
    const text = `id,truth,a,b,decision:a,margin:a
x,a,0.5,0.5,maybe,0.1
y,a,0.5,0.5,yes,
z,a,0.5,0.5,yes
`;
    expect(() => decisionsFromCsv(text)).toThrow(
      [
        '3 problems:',
        'decisions.csv:2: the decision about "a" is "maybe" (yes or no)',
        'decisions.csv:3: the margin of "a" is "" (the probability minus the threshold)',
        'decisions.csv:4: 5 fields (6, as in the header)',
      ].join('\n  '),
    );
  });
});
