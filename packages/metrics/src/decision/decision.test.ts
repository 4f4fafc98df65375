import { readFileSync } from 'node:fs';
import type { FindingPredictions, Predictions } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { calibrationSummary } from '../probability/calibrationSummary.js';
import { applyCalibration, fitCalibration } from '../probability/fitCalibration.js';
import { expectClose } from '../testing/expectClose.js';
import { binarySamples } from './binarySamples.js';
import { chooseDecision, pointText, targetClass } from './chooseDecision.js';
import { describeGoal, goalText, parseDecisionRule, positivesOf } from './decisionRule.js';
import type { DecisionRate } from './operatingReport.js';
import { rateAtFixedRate } from './rateAtFixedRate.js';
import { testDecision } from './testDecision.js';

type Rates = Record<'sensitivity' | 'specificity' | 'ppv' | 'npv', DecisionRate & Bounds>;
type Bounds = Record<'lower' | 'upper', number>;
interface Labeled {
  readonly labels: number[];
  readonly probabilities: number[];
}
type Losses = Record<'brierScore' | 'logLoss', number>;

/** Numbers of scikit-learn, SciPy and netcal from test/golden/make_decision.py. */
const golden = JSON.parse(
  readFileSync(new URL('../../test/golden/decision.json', import.meta.url), 'utf8'),
) as {
  readonly classes: Record<'validation' | 'test', Labeled> & {
    readonly temperature: number;
    readonly before: Losses & { calibrationError: number };
    readonly after: Losses & { calibrationError: number };
    readonly points: {
      calibrated: boolean;
      positive: number[];
      kind: 'sensitivity' | 'specificity' | 'youden';
      target: number | null;
      threshold: number;
      chosen: Rates;
      test: Rates;
      atTarget: number | null;
    }[];
  };
  readonly findings: Record<'validation' | 'test', Labeled> & {
    readonly sigmoids: [slope: number, intercept: number][];
    readonly before: Losses;
    readonly after: Losses;
  };
};

const names = ['a', 'b', 'c'];
const ofClasses = ({ labels, probabilities }: Labeled): Predictions => ({
  classes: names,
  ids: labels.map((_, i) => `image-${i}`),
  labels: Int32Array.from(labels),
  probabilities: Float64Array.from(probabilities),
});
const ofFindings = ({ labels, probabilities }: Labeled): FindingPredictions => ({
  findings: ['mass', 'effusion'],
  ids: Array.from({ length: labels.length / 2 }, (_, i) => `image-${i}`),
  labels: Int32Array.from(labels),
  probabilities: Float64Array.from(probabilities),
});

describe('a decision, chosen on validation and judged on test', () => {
  const validation = ofClasses(golden.classes.validation);
  const test = ofClasses(golden.classes.test);

  describe.each([false, true])('with calibrated = %s', (calibrated) => {
    const points = golden.classes.points.filter((point) => point.calibrated === calibrated);
    const ruleOf = ({ positive, kind, target }: (typeof points)[number]): string =>
      `${positive.map((c) => names[c]).join('+')}: ${target === null ? kind : `${kind}>=${target}`}`;
    const decision = chooseDecision(validation, {
      calibrated,
      rules: points.map((point) => parseDecisionRule(ruleOf(point))),
    });
    const report = testDecision(test, decision, { resamples: 50 });

    it.each(points.map((point, index) => ({ rule: ruleOf(point), index, ...point })))(
      'equals scikit-learn for $rule',
      ({ index, rule, ...expected }) => {
        const { chosen, test: tested, atTarget } = report.points[index];
        expect(pointText(chosen)).toBe(rule);
        expectClose(chosen.threshold, expected.threshold);
        expectClose(chosen.sensitivity, expected.chosen.sensitivity.value);
        expectClose(chosen.specificity, expected.chosen.specificity.value);
        for (const name of ['sensitivity', 'specificity', 'ppv', 'npv'] as const) {
          const { count, total, lower, upper } = expected.test[name];
          expect([tested[name].count, tested[name].total]).toEqual([count, total]);
          expectClose(tested[name].interval!.lower, lower, 1e-10);
          expectClose(tested[name].interval!.upper, upper, 1e-10);
        }
        expectClose(atTarget?.value ?? null, expected.atTarget);
      },
    );

    it('reports the calibration before and after as netcal and scikit-learn do', () => {
      expect(report.calibrated).toBe(calibrated);
      for (const name of ['calibrationError', 'brierScore', 'logLoss'] as const) {
        expectClose(report.before[name].value, golden.classes.before[name], 1e-10);
        expectClose(report.after![name].value, golden.classes.after[name], 1e-10);
        const { lower, upper } = report.after![name].interval!;
        expect(upper).toBeGreaterThan(lower);
      }
    });
  });

  it('has the temperature of SciPy', () => {
    const { calibration } = chooseDecision(validation);
    expectClose(
      calibration.method === 'temperature' ? calibration.temperature : null,
      golden.classes.temperature,
      1e-10,
    );
  });

  it("resamples patients, and counts them, where they're known", () => {
    const groups = validation.ids.map((_, i) => `patient-${i % 40}`);
    const decision = chooseDecision({ ...validation, groups });
    expect([decision.samples, decision.groups]).toEqual([120, 40]);
    expect(decision.points[0].groups).toBe(40);
    const testGroups = test.ids.map((_, i) => `patient-${i % 30}`);
    const [point] = testDecision({ ...test, groups: testGroups }, decision, {
      resamples: 40,
    }).points;
    expect(point.test.sensitivity.interval!.method).toBe('bootstrap-percentile');
    expect(testDecision(test, decision).points[0].test.sensitivity.interval!.method).toBe(
      'clopper-pearson',
    );
  });
});

describe('a decision about findings', () => {
  const validation = ofFindings(golden.findings.validation);
  const test = ofFindings(golden.findings.test);

  it("fits Platt's sigmoid to each, on its known labels", () => {
    const calibration = fitCalibration(validation);
    const sigmoids = calibration.method === 'platt' ? calibration.findings : [];
    golden.findings.sigmoids.forEach(([slope, intercept], f) => {
      expectClose(sigmoids[f].sigmoid!.slope, slope, 1e-10);
      expectClose(sigmoids[f].sigmoid!.intercept, intercept, 1e-10);
    });
    const after = calibrationSummary(applyCalibration(test, calibration), { resamples: 20 });
    const before = calibrationSummary(test, { resamples: 20 });
    for (const name of ['brierScore', 'logLoss'] as const) {
      expectClose(after[name].value, golden.findings.after[name], 1e-10);
      expectClose(before[name].value, golden.findings.before[name], 1e-10);
    }
  });

  it('chooses a threshold for each, and makes the same decisions on calibrated probabilities', () => {
    const [raw, calibrated] = [false, true].map((use) =>
      testDecision(test, chooseDecision(validation, { calibrated: use }), { resamples: 20 }),
    );
    expect(raw.points.map(({ chosen }) => chosen.positive)).toEqual([['mass'], ['effusion']]);
    expect(calibrated.points.map(({ test: { sensitivity } }) => sensitivity)).toEqual(
      raw.points.map(({ test: { sensitivity } }) => sensitivity),
    );
    expect(calibrated.points[0].chosen.threshold).not.toBe(raw.points[0].chosen.threshold);
  });

  it('keeps a finding without positives as it is, and says why', () => {
    const labels = validation.labels.map((label, i) => (i % 2 === 1 ? Math.min(label, 0) : label));
    const { calibration, points, refused } = chooseDecision({ ...validation, labels });
    expect(points.map(({ positive }) => positive[0])).toEqual(['mass']);
    expect(refused).toMatchObject([
      { positive: ['effusion'], because: expect.stringMatching(/^all \d+ samples are negative$/) },
    ]);
    const effusion = calibration.method === 'platt' ? calibration.findings[1] : undefined;
    expect(effusion).toMatchObject({ sigmoid: null, noneBecause: refused[0].because });
  });
});

describe('a small validation set', () => {
  const binary = (positives: number, negatives: number): Predictions => {
    const labels = Int32Array.from({ length: positives + negatives }, (_, i) =>
      i < positives ? 1 : 0,
    );
    return {
      classes: ['healthy', 'ill'],
      ids: Array.from(labels, (_, i) => `image-${i}`),
      labels,
      probabilities: Float64Array.from(
        [...labels].flatMap((label, i) => {
          const ill = 0.2 + 0.4 * label + 0.2 * (i % 2);
          return [1 - ill, ill];
        }),
      ),
    };
  };
  const cautionOf = (predictions: Predictions, rule: string): string | undefined =>
    chooseDecision(predictions, { rules: [parseDecisionRule(rule)] }).points[0].caution;

  it.each([
    {
      rule: 'ill: specificity>=0.95',
      counts: [12, 19],
      expected:
        'The validation set is too small for a specificity of 95 %: of 19 negative images not a single one may be called positive, and at least 20 are needed to tell this from 100 %.',
    },
    { rule: 'ill: specificity>=0.95', counts: [12, 20], expected: undefined },
    {
      rule: 'ill: sensitivity>=0.9',
      counts: [1, 30],
      expected:
        'The validation set is too small for a sensitivity of 90 %: of 1 positive image not a single one may be missed, and at least 10 are needed to tell this from 100 %.',
    },
    {
      rule: 'youden',
      counts: [9, 50],
      expected:
        'The threshold depends on 9 positive validation images; with fewer than 10 it is little more than a guess.',
    },
    { rule: 'f1', counts: [10, 10], expected: undefined },
  ])(
    'is reported for $rule with $counts images',
    ({ rule, counts: [positives, negatives], expected }) => {
      expect(cautionOf(binary(positives, negatives), rule)).toBe(expected);
    },
  );

  it('cannot be calibrated where every image is right, and says so', () => {
    const decision = chooseDecision(binary(12, 12), { calibrated: true });
    expect(decision).toMatchObject({
      calibrated: false,
      calibration: {
        method: 'none',
        because: expect.stringContaining('all 24 samples are predicted correctly'),
      },
      calibratedPoints: [],
    });
  });

  it('decides about the class that is not the absence of one, of two', () => {
    expect(chooseDecision(binary(12, 12)).points.map(({ positive }) => positive)).toEqual([
      ['ill'],
    ]);
    expect(targetClass(['COVID', 'Normal'])).toBe('COVID');
    expect(targetClass(['no finding', 'normal'])).toBe('normal');
    expect(targetClass(['Normal', 'Viral Pneumonia'])).toBe('Viral Pneumonia');
  });
});

describe('rateAtFixedRate', () => {
  const samples = {
    ids: ['a', 'b', 'c', 'd', 'e', 'f'],
    labels: Int32Array.of(0, 0, 0, 0, 1, 1),
    scores: Float64Array.of(0.1, 0.2, 0.3, 0.9, 0.6, 0.8),
  };

  it('fixes the specificity or the sensitivity', () => {
    const at = (kind: 'sensitivity' | 'specificity', target: number): number | null =>
      rateAtFixedRate(samples, { kind, target }, { resamples: 10 }).value;
    expect([at('specificity', 0.75), at('specificity', 0.76)]).toEqual([1, 0]);
    expect([at('sensitivity', 1), at('sensitivity', 0.5)]).toEqual([0.75, 0.75]);
    expect(() => at('specificity', 0)).toThrow(RangeError);
  });

  it('chooses the threshold in each resample anew', () => {
    // With the negative at 0.9 in a resample the sensitivity is 0, without it 1.
    const { interval } = rateAtFixedRate(
      samples,
      { kind: 'specificity', target: 1 },
      { resamples: 200 },
    );
    expect(interval).toMatchObject({ lower: 0, upper: 1 });
  });
});

describe('a rule as text', () => {
  it.each([
    ['specificity>=0.95', undefined, { kind: 'specificity', target: 0.95 }],
    ['referable: Sensitivity ≥ 90 %', 'referable', { kind: 'sensitivity', target: 0.9 }],
    ['2 + 3: youden', '2 + 3', { kind: 'youden' }],
    ['type: a: F1', 'type: a', { kind: 'f1' }],
    ['cost=10', undefined, { kind: 'cost', ratio: 10 }],
    ['mass: cost = 2.5 @ 2%', 'mass', { kind: 'cost', ratio: 2.5, prevalence: 0.02 }],
  ])('%s', (text, positive, goal) => {
    expect(parseDecisionRule(text)).toEqual(positive === undefined ? { goal } : { positive, goal });
  });

  it.each(['', 'best', 'specificity=0.9', 'specificity>0.9', ': youden', 'cost=', 'specificity'])(
    'is refused: "%s"',
    (text) => {
      expect(() => parseDecisionRule(text, '--operating-point')).toThrow(
        `--operating-point: got "${text}" ("specificity>=0.95", `,
      );
    },
  );

  it('is refused where a number is out of range', () => {
    expect(() => parseDecisionRule('specificity>=95')).toThrow(
      'operatingPoints: got "specificity>=95", which is out of range (the wanted specificity, above 0 and at most 1, e.g. 0.95',
    );
    expect(() => parseDecisionRule('cost=0')).toThrow('cost=0');
  });

  it('is written as it is read, and in words', () => {
    const goals = ['specificity>=0.975', 'youden', 'f1', 'cost=10', 'cost=3@0.02'];
    const parsed = goals.map((text) => parseDecisionRule(text).goal);
    expect(parsed.map(goalText)).toEqual(goals);
    expect(parsed.map(describeGoal)).toEqual([
      'a specificity of at least 97.5 %',
      "the largest Youden's J (sensitivity + specificity - 1)",
      'the largest F1',
      'the smallest cost, with a missed positive as costly as 10 false alarms',
      'the smallest cost, with a missed positive as costly as 3 false alarms at a prevalence of 2 %',
    ]);
  });

  it('names known classes, also several of them', () => {
    expect(positivesOf('a+b', ['a+b', 'a', 'b'])).toEqual(['a+b']);
    expect(positivesOf('2 + 3', ['1', '2', '3'])).toEqual(['2', '3']);
    expect(() => positivesOf('2+4', ['1', '2', '3'])).toThrow('unknown class "4"');
    expect(() => positivesOf('1+2', ['1', '2'])).toThrow('but not all');
    expect(() => positivesOf('a+b', ['a', 'b', 'c'], { kind: 'finding' })).toThrow(
      'one finding; each has its own probability',
    );
  });
});

describe('binarySamples of several classes', () => {
  it('adds their probabilities and never exceeds 1', () => {
    const predictions = {
      classes: names,
      ids: ['x', 'y'],
      labels: Int32Array.of(2, 0),
      probabilities: Float64Array.of(0.2, 0.3, 0.5, 0, 0.4, 0.6),
    };
    const { labels, scores } = binarySamples(predictions, ['c', 'b']);
    expect([...labels]).toEqual([1, 0]);
    expect([...scores]).toEqual([0.8, 1]);
    expect(() => binarySamples(predictions, [])).toThrow(RangeError);
  });
});
