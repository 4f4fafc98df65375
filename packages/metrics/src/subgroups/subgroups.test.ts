import { readFileSync } from 'node:fs';
import { type FindingPredictions, InputError, type Predictions } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { unpairedDelongTest } from '../delong/unpairedDelongTest.js';
import { evaluatePredictions } from '../evaluate/evaluatePredictions.js';
import { metricNames } from '../evaluate/metricCatalog.js';
import { evaluateFindings } from '../findings/evaluateFindings.js';
import { findingMetricNames } from '../findings/findingSamples.js';
import { expectClose } from '../testing/expectClose.js';
import { divideSamples } from './divideSamples.js';
import { evaluateSubgroups } from './evaluateSubgroups.js';
import {
  defaultSubgroupRules,
  parseSubgroupRules,
  resolveSubgroupRules,
  type SubgroupRule,
} from './subgroupRule.js';
import type { Subgroup, SubgroupMetric } from './subgroupsReport.js';

interface Test {
  by: string;
  group: string;
  aucs: [number, number];
  standardError: number;
  t: number;
  degreesOfFreedom: number;
  pValue: number;
  interval: [number, number];
  adjusted: number;
}

type Scores = { labels: number[]; scores: number[] };

/** Numbers of fairlearn, SciPy and statsmodels; see test/golden/make_subgroups.py. */
const golden = JSON.parse(
  readFileSync(new URL('../../test/golden/subgroups.json', import.meta.url), 'utf8'),
) as {
  unpaired: (Test & { a: Scores; b: Scores })[];
  data: { labels: number[]; scores: number[]; sex: string[]; scanner: string[]; age: string[] };
  frames: Record<string, ({ group: string[] } & Record<string, number>)[]>;
  tests: Test[];
  largest: Record<'sex' | 'scanner' | 'age', string>;
  sensitivity: {
    group: string;
    difference: number;
    interval: [number, number];
    standardError: number;
  };
};

const { labels, scores, ...attributes } = golden.data;
const predictions: Predictions = {
  classes: ['healthy', 'disease'],
  ids: labels.map((_, i) => `image-${i}`),
  labels: Int32Array.from(labels),
  probabilities: Float64Array.from(scores.flatMap((p) => [1 - p, p])),
  attributes,
};
const ages = ['0 to <40', '40 to <60', '60 to 120'];
const by = parseSubgroupRules('sex,scanner,age:0-40-60-120');
const bootstrap = { resamples: 200 };

const metricOf = (
  { metrics }: Pick<Subgroup, 'metrics'>,
  metric: string,
  of: string | null = null,
): SubgroupMetric => metrics.find((found) => found.metric === metric && found.of === of)!;

describe('unpairedDelongTest', () => {
  it.each(golden.unpaired)('equals the definition, p = $pValue', ({ a, b, ...expected }) => {
    const result = unpairedDelongTest(a, b);
    expectClose(result.aucA, expected.aucs[0]);
    expectClose(result.aucB, expected.aucs[1]);
    expectClose(result.standardError, expected.standardError);
    expectClose(result.t, expected.t);
    expectClose(result.degreesOfFreedom, expected.degreesOfFreedom, 1e-11);
    expectClose(result.pValue, expected.pValue);
    expectClose(result.lower, expected.interval[0]);
    expectClose(result.upper, expected.interval[1]);
  });

  it('says why it has no result', () => {
    const both = { labels: [0, 1, 0, 1], scores: [1, 2, 3, 4] };
    expect(unpairedDelongTest(both, { labels: [1, 1], scores: [1, 2] })).toMatchObject({
      aucA: 0.75,
      aucB: null,
      pValue: null,
      undefinedBecause: 'fewer than two classes are present',
    });
    const perfect = { labels: [0, 0, 1, 1], scores: [1, 2, 3, 4] };
    expect(unpairedDelongTest(perfect, perfect)).toMatchObject({
      difference: 0,
      pValue: null,
      undefinedBecause: expect.stringContaining('estimated variance is zero') as string,
    });
    expect(() => unpairedDelongTest(both, { labels: [0, 2], scores: [1, 2] })).toThrow(
      '2 is not a two-class label',
    );
  });
});

describe('evaluateSubgroups', () => {
  const report = evaluateSubgroups(predictions, { by, bootstrap });
  const crossed = evaluateSubgroups(predictions, {
    by: parseSubgroupRules('sex+scanner'),
    bootstrap,
  });

  it.each(['sex', 'scanner', 'age', 'sex+scanner'])(
    "equals fairlearn's MetricFrame with scikit-learn's metrics by %s",
    (rule) => {
      const { groups } = [...report.divisions, ...crossed.divisions].find(
        ({ by: name }) => name.split(':')[0] === rule,
      )!;
      expect(groups.map(({ name }) => name)).toEqual(
        golden.frames[rule].map(({ group }) =>
          rule === 'age' ? ages[Number(group[0])] : group.join(', '),
        ),
      );
      golden.frames[rule].forEach((expected, g) => {
        expect(groups[g].samples).toBe(expected.samples);
        for (const name of ['accuracy', 'matthews', 'auc', 'averagePrecision'])
          expectClose(metricOf(groups[g], name).value, expected[name]);
        expectClose(metricOf(groups[g], 'brierScore').value, expected.brierScore, 1e-11);
        for (const name of ['sensitivity', 'precision', 'f1', 'auc', 'averagePrecision'])
          expectClose(metricOf(groups[g], name, 'disease').value, expected[name]);
        expectClose(
          metricOf(groups[g], 'specificity', 'disease').value,
          1 - expected.falsePositiveRate,
        );
      });
    },
  );

  it('has in each group what evaluatePredictions has on its images', () => {
    const rows = attributes.sex.flatMap((sex, i) => (sex === 'M' ? [i] : []));
    const alone = evaluatePredictions(
      {
        classes: predictions.classes,
        ids: rows.map((row) => predictions.ids[row]),
        labels: Int32Array.from(rows, (row) => labels[row]),
        probabilities: Float64Array.from(rows.flatMap((row) => [1 - scores[row], scores[row]])),
      },
      { bootstrap },
    );
    const [, men] = report.divisions[0].groups;
    for (const name of metricNames) expect(metricOf(men, name)).toMatchObject(alone.metrics[name]);
    expect(metricOf(men, 'sensitivity', 'disease')).toMatchObject(alone.perClass[1].sensitivity);
    expect(metricOf(report.overall, 'auc')).toMatchObject(
      evaluatePredictions(predictions, { bootstrap }).metrics.auc,
    );
  });

  it("tests AUCs against the largest group, with Holm's correction over all attributes", () => {
    expect(report.divisions.map(({ reference }) => reference)).toEqual([
      golden.largest.sex,
      golden.largest.scanner,
      ages[Number(golden.largest.age)],
    ]);
    expect(report.comparisons).toBe(golden.tests.length);
    for (const { by: rule, group, aucs, interval, pValue, adjusted } of golden.tests) {
      const division = report.divisions.find(({ by: name }) => name.split(':')[0] === rule)!;
      const name = rule === 'age' ? ages[Number(group)] : group;
      const compared = division.groups.find((found) => found.name === name)!;
      for (const of of [null, 'disease']) {
        const { difference } = metricOf(compared, 'auc', of);
        expect(difference!.test).toBe('DeLong unpaired');
        expectClose(difference!.difference, aucs[0] - aucs[1]);
        expectClose(difference!.lower, interval[0]);
        expectClose(difference!.upper, interval[1]);
        expectClose(difference!.pValue, pValue);
        expectClose(difference!.adjusted, adjusted);
      }
    }
  });

  it('resamples both groups independently for other metrics, as scipy.stats.bootstrap', () => {
    const { divisions } = evaluateSubgroups(predictions, {
      by: parseSubgroupRules('scanner'),
      bootstrap: { resamples: 4000 },
    });
    const expected = golden.sensitivity;
    const { difference } = metricOf(
      divisions[0].groups.find(({ name }) => name === expected.group)!,
      'sensitivity',
      'disease',
    );
    expect(difference!.test).toBe('bootstrap');
    expectClose(difference!.difference, expected.difference);
    // Sensitivities move in steps of 1/33 and 1/67; with 4,000 resamples a quantile is within two hundredths.
    expect(Math.abs(difference!.lower! - expected.interval[0])).toBeLessThan(0.02);
    expect(Math.abs(difference!.upper! - expected.interval[1])).toBeLessThan(0.02);
    expect(difference!.pValue).toBeGreaterThan(0.0005);
    expect(difference!.pValue).toBeLessThan(0.02);
  });

  it('resamples whole patients, who may be in both groups, instead of DeLong', () => {
    const twice = <T>(values: readonly T[]): T[] => [...values, ...values];
    // Every image twice, once per scanner, with the same probabilities: the groups differ in nothing.
    const paired: Predictions = {
      classes: predictions.classes,
      ids: [...predictions.ids, ...predictions.ids.map((id) => `${id} again`)],
      labels: Int32Array.from(twice(labels)),
      probabilities: Float64Array.from(twice([...predictions.probabilities])),
      groups: twice(predictions.ids),
      attributes: { scanner: [...labels.map(() => 'A'), ...labels.map(() => 'B')] },
    };
    const { divisions, overall } = evaluateSubgroups(paired, {
      by: parseSubgroupRules('scanner'),
      bootstrap,
    });
    const { difference } = metricOf(divisions[0].groups[1], 'auc');
    expect(difference).toMatchObject({
      test: 'bootstrap',
      difference: 0,
      lower: 0,
      upper: 0,
      pValue: 1,
    });
    expect(divisions[0].groups[1]).toMatchObject({ samples: 240, groups: 240 });
    expect(overall).toMatchObject({ samples: 480, groups: 240 });
  });

  it('lists images without a value last, and compares them with nothing', () => {
    const partly = {
      ...predictions,
      attributes: { sex: attributes.sex.map((sex, i) => (i < 40 ? '' : sex)) },
    };
    const [{ groups, reference }] = evaluateSubgroups(partly, {
      by: parseSubgroupRules('sex'),
      bootstrap,
    }).divisions;
    expect(groups.map(({ name, known }) => [name, known])).toEqual([
      ['F', true],
      ['M', true],
      ['not known', false],
    ]);
    expect(groups[2].samples).toBe(40);
    expect(metricOf(groups[2], 'auc').value).not.toBeNull();
    expect(groups[2].metrics.every(({ difference }) => difference === undefined)).toBe(true);
    expect(reference).toBe('F');
  });

  it('does not test a group that is too small, and says so', () => {
    const few = {
      ...predictions,
      attributes: { site: labels.map((_, i) => (i < 14 ? 'small' : 'large')) },
    };
    const [{ groups }] = evaluateSubgroups(few, {
      by: parseSubgroupRules('site'),
      bootstrap,
    }).divisions;
    const small = groups.find(({ name }) => name === 'small')!;
    const positives = labels.slice(0, 14).filter((label) => label === 1).length;
    expect(small.sizes[1]).toEqual({ of: 'disease', positives, negatives: 14 - positives });
    const sensitivity = metricOf(small, 'sensitivity', 'disease');
    expect(sensitivity.interval).toBeDefined();
    expect(sensitivity.difference).toMatchObject({
      lower: null,
      pValue: null,
      undefinedBecause: `${positives} independent samples of disease in "small", and a test needs 10`,
    });
    // Accuracy counts images of any class: 14 are enough.
    expect(metricOf(small, 'accuracy').difference!.pValue).not.toBeNull();
  });

  it('does not test a metric that no resample changes, which would claim that it is exactly known', () => {
    const perfect = {
      ...predictions,
      // Every disease of scanner C is found; the others stay as they are.
      probabilities: Float64Array.from(
        scores.flatMap((p, i) =>
          attributes.scanner[i] === 'C' && labels[i] === 1 ? [0.1, 0.9] : [1 - p, p],
        ),
      ),
    };
    const [{ groups }] = evaluateSubgroups(perfect, {
      by: parseSubgroupRules('scanner'),
      bootstrap,
    }).divisions;
    const sensitivity = metricOf(groups[2], 'sensitivity', 'disease');
    expect(sensitivity).toMatchObject({ value: 1, interval: { method: 'wilson' } });
    expect(sensitivity.difference).toMatchObject({
      pValue: null,
      undefinedBecause:
        'all resamples of "C" give the same value, so that its uncertainty is not known',
    });
    expect(metricOf(groups[2], 'specificity', 'disease').difference!.pValue).not.toBeNull();
  });

  it('leaves out images whose class is not known', () => {
    const hidden = {
      ...predictions,
      labels: predictions.labels.map((label, i) => (i % 3 === 0 ? -1 : label)),
    };
    const { divisions, overall } = evaluateSubgroups(hidden, {
      by: parseSubgroupRules('sex'),
      bootstrap,
    });
    expect(overall.samples).toBe(160);
    expect(divisions[0].groups.map(({ samples }) => samples)).toEqual(
      ['F', 'M'].map(
        (sex) => attributes.sex.filter((value, i) => i % 3 > 0 && value === sex).length,
      ),
    );
  });

  it('takes several findings per image, each tested on its known labels', () => {
    const findings: FindingPredictions = {
      findings: ['effusion', 'mass'],
      ids: predictions.ids,
      labels: Int32Array.from(labels.flatMap((label, i) => [label, i % 5 === 0 ? -1 : i % 2])),
      probabilities: Float64Array.from(scores.flatMap((p) => [p, (1 + p) / 3])),
      attributes,
    };
    const { divisions, classes } = evaluateSubgroups(findings, {
      by: parseSubgroupRules('scanner'),
      bootstrap,
    });
    expect(classes).toEqual(['effusion', 'mass']);
    const [{ groups }] = divisions;
    const rows = attributes.scanner.flatMap((scanner, i) => (scanner === 'B' ? [i] : []));
    const alone = evaluateFindings(
      {
        findings: findings.findings,
        ids: rows.map((row) => findings.ids[row]),
        labels: Int32Array.from(
          rows.flatMap((row) => [...findings.labels.subarray(2 * row, 2 * row + 2)]),
        ),
        probabilities: Float64Array.from(
          rows.flatMap((row) => [...findings.probabilities.subarray(2 * row, 2 * row + 2)]),
        ),
      },
      { bootstrap },
    );
    for (const name of findingMetricNames) {
      expect(metricOf(groups[1], name, 'mass')).toMatchObject(alone.perFinding[1][name]);
      expect(metricOf(groups[1], name)).toMatchObject(alone.macro[name]);
    }
    for (const name of ['auc', 'averagePrecision'] as const) {
      const micro = metricOf(groups[1], `micro ${name}`);
      expect(micro).toMatchObject(alone.micro[name]);
      expect(micro.difference!.pValue).toBeGreaterThan(0);
    }
    expect(groups[1].sizes[1]).toEqual({
      of: 'mass',
      positives: rows.filter((i) => i % 5 > 0 && i % 2 === 1).length,
      negatives: rows.filter((i) => i % 5 > 0 && i % 2 === 0).length,
    });
    const expected = golden.tests.find(({ group }) => group === 'B')!;
    expectClose(metricOf(groups[1], 'auc', 'effusion').difference!.pValue, expected.pValue);
    expect(metricOf(groups[1], 'auc').difference!.test).toBe('bootstrap');
  });

  it('rejects predictions without attributes', () => {
    expect(() => evaluateSubgroups({ ...predictions, attributes: undefined }, { by })).toThrow(
      'have no attributes',
    );
  });
});

describe('rules', () => {
  const resolve = (text: string, known: Record<string, string[]>): SubgroupRule[] =>
    resolveSubgroupRules(parseSubgroupRules(text), known);
  const numbers = Array.from({ length: 40 }, (_, i) => String(i + 30));

  it('are read with limits and crossed attributes', () => {
    expect(parseSubgroupRules(' sex , Patient Age:0-40.5-120,sex+scanner')).toEqual([
      { name: 'sex', parts: [{ attribute: 'sex' }] },
      {
        name: 'Patient Age:0-40.5-120',
        parts: [{ attribute: 'Patient Age', limits: [0, 40.5, 120] }],
      },
      { name: 'sex+scanner', parts: [{ attribute: 'sex' }, { attribute: 'scanner' }] },
    ]);
  });

  it.each([
    ['sex,', 'an attribute has no name'],
    ['sex,sex', '"sex" is listed twice'],
    ['age:40', '"40" are not limits of age'],
    ['age:40-20', '"40-20" are not limits of age'],
    ['age:a-b', '"a-b" are not limits of age'],
    ['age:-5-10', '"-5-10" are not limits of age'],
  ])('reject %j', (text, message) => expect(() => parseSubgroupRules(text)).toThrow(message));

  it('find attributes by what they are called elsewhere', () => {
    const known = { PatientSex: ['F', 'M'], 'Patient Gender': ['F', 'M'], view: ['PA', 'AP'] };
    expect(resolve('sex', known)[0].parts[0].attribute).toBe('PatientSex');
    expect(resolve('View', known)[0].parts[0].attribute).toBe('view');
    expect(resolve('Patient Gender', known)[0].parts[0].attribute).toBe('Patient Gender');
    expect(() => resolve('scanner', known)).toThrow('unknown attribute "scanner"');
  });

  it('divide ages that are given without limits, and ask for limits of other numbers', () => {
    expect(resolve('age', { PatientAge: numbers })[0].parts[0].limits).toEqual([
      0, 18, 40, 65, 120,
    ]);
    expect(() => resolve('dose', { dose: numbers })).toThrow(
      /"dose" has 40 different numbers.*for example dose:30-43-56-69/s,
    );
    expect(() => resolve('site', { site: numbers.map((n) => `site ${n}`) })).toThrow(
      '"site" has 40 different values',
    );
    expect(resolve('grade', { grade: ['1', '2', '3'] })[0].parts[0].limits).toBeUndefined();
  });

  it('do not divide ages above 89, which are kept as one', () => {
    const age = ['30', '90+'];
    expect(() => resolve('age:0-60-95-120', { age })).toThrow('may be below or above the limit 95');
    const groups = (text: string): [string, number][] =>
      divideSamples(resolve(text, { age })[0], { age }).map(({ name, rows }) => [name, rows[0]]);
    expect(groups('age:0-60-90-120')).toEqual([
      ['0 to <60', 0],
      ['90 to 120', 1],
    ]);
    expect(groups('age:0-60-90')).toEqual([
      ['0 to <60', 0],
      ['outside 0 to 90', 1],
    ]);
  });

  it('include each lower limit, and the last upper one', () => {
    const age = ['120', '0', '39.9', '40', '121', '', 'adult', '-1'];
    expect(divideSamples(resolve('age:0-40-120', { age })[0], { age })).toEqual([
      { name: '0 to <40', known: true, rows: [1, 2] },
      { name: '40 to 120', known: true, rows: [0, 3] },
      { name: 'outside 0 to 120', known: false, rows: [4, 7] },
      { name: 'not known', known: false, rows: [5, 6] },
    ]);
  });

  it('are made for attributes with few values and for ages', () => {
    expect(
      defaultSubgroupRules({
        sex: ['F', 'M', ''],
        modality: ['DX', 'DX', ''],
        site: numbers.map((n) => `site ${n}`),
        dose: numbers,
        age: numbers,
      }).map(({ name }) => name),
    ).toEqual(['sex', 'age']);
  });

  it('throw InputErrors', () => expect(() => parseSubgroupRules('')).toThrow(InputError));
});
