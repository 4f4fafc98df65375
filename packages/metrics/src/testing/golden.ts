import { readFileSync } from 'node:fs';

/** A labeled set of predictions with scikit-learn's metrics. */
export interface ClassificationCase {
  readonly name: string;
  readonly labels: number[];
  readonly probabilities: number[][];
  readonly expected: Record<string, number | null> &
    Record<
      `${'sensitivitie' | 'specificitie' | 'precision' | 'f1' | 'auc' | 'averagePrecision'}s`,
      (number | null)[]
    > & { confusionMatrix: number[][] };
}

interface PairedCase<T> {
  readonly labels: number[];
  readonly a: T[];
  readonly b: T[];
  readonly aucs: [number, number];
  readonly variances: [number, number];
  readonly standardError: number;
  readonly z: number;
  readonly pValue: number;
}

/** Reference numbers from `test/golden/make_metrics.py`, which names the libraries they come from. */
export interface Golden {
  readonly distributions: Record<
    | 'normal'
    | 'normalQuantile'
    | 'student'
    | 'studentQuantile'
    | 'chiSquared'
    | 'chiSquaredQuantile'
    | 'beta'
    | 'betaQuantile'
    | 'binomial',
    number[][]
  >;
  readonly classification: ClassificationCase[];
  readonly curves: Record<
    'labels' | 'scores' | 'fpr' | 'tpr' | 'thresholds' | 'precision' | 'recall' | 'cuts',
    number[]
  > & { corners: number };
  readonly equalMass: {
    labels: number[];
    probabilities: number[][];
    count: number;
    bins: number;
    expected: number;
    maximum: number;
  }[];
  readonly delong: PairedCase<number>[];
  readonly macroDelong: PairedCase<number[]>[];
  readonly mcnemar: { onlyA: number; onlyB: number; exact: number; mid: number }[];
  readonly tTests: {
    a: number[];
    b: number[];
    t: number;
    pValue: number;
    lower: number;
    upper: number;
    train: number;
    test: number;
    correctedT: number;
    correctedP: number;
  }[];
  readonly proportions: {
    successes: number;
    trials: number;
    confidence: number;
    wilson: [number, number];
    exact: [number, number];
  }[];
  readonly corrections: Record<'pValues' | 'holm' | 'benjaminiHochberg', number[]>;
  readonly bca: {
    replicates: number[];
    estimate: number;
    leaveOneOut: number[];
    strata: number[];
    bca: [number, number];
    percentile: [number, number];
    standardError: number;
  };
}

/** Reads `test/golden/metrics.json`. */
export function golden(): Golden {
  return JSON.parse(
    readFileSync(new URL('../../test/golden/metrics.json', import.meta.url), 'utf8'),
  ) as Golden;
}
