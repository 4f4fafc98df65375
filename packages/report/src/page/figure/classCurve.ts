import type { TaskPredictions } from '@nonlocal-med/core';
import {
  type BandPoint,
  type BinarySamples,
  binarySamples,
  precisionRecallBand,
  precisionRecallCurve,
  rocBand,
  rocCurve,
} from '@nonlocal-med/metrics';

/** Receiver operating characteristic, or precision against recall. */
export type CurveKind = 'roc' | 'precision-recall';

/** A point of a curve. */
export type CurvePoint = readonly [x: number, y: number];

/** The curve of a model for one class or finding. */
export interface Curve {
  readonly line: readonly CurvePoint[];
  /** The curve at equal steps of x, with its interval. */
  readonly band: readonly BandPoint[];
  /** The curves of single repeats; empty if there is only one. */
  readonly repeats: readonly (readonly CurvePoint[])[];
}

/** Grid points and bootstrap resamples of a band. */
const BAND = { points: 51, resamples: 500, seed: 0 } as const;

/**
 * The curve of one class against the rest, or of one finding against its absence, over the repeats of a model. One repeat gives its exact curve and a bootstrap
 * band, over whole patients if the run recorded them; several repeats give the mean height at each x (vertical averaging, Fawcett 2006) and the mean of their bands.
 * @param name of the class or finding
 * @returns null if a repeat has no image of the class or with the finding, or no other images.
 */
export function classCurve(
  kind: CurveKind,
  repeats: readonly TaskPredictions[],
  name: string,
): Curve | null {
  const curves: RepeatCurve[] = [];
  for (const predictions of repeats) {
    const curve = repeatCurve(kind, binarySamples(predictions, name));
    if (curve === null) return null;
    curves.push(curve);
  }
  if (curves.length === 0) return null;
  const band = meanBand(curves.map((curve) => curve.band));
  return curves.length === 1
    ? { line: curves[0].line, band, repeats: [] }
    : { line: estimates(band), band, repeats: curves.map((curve) => estimates(curve.band)) };
}

interface RepeatCurve {
  readonly line: readonly CurvePoint[];
  readonly band: readonly BandPoint[];
}

function repeatCurve(
  kind: CurveKind,
  { labels, scores, groups }: BinarySamples,
): RepeatCurve | null {
  const options = { ...BAND, groups };
  const band =
    kind === 'roc'
      ? rocBand(labels, scores, options)
      : precisionRecallBand(labels, scores, options);
  const line =
    kind === 'roc'
      ? rocCurve(labels, scores)?.map(
          ({ falsePositiveRate, truePositiveRate }) =>
            [falsePositiveRate, truePositiveRate] as const,
        )
      : precisionRecallCurve(labels, scores)?.map(
          ({ recall, precision }) => [recall, precision] as const,
        );
  return band === null || line === undefined ? null : { line, band };
}

const estimates = (band: readonly BandPoint[]): CurvePoint[] =>
  band.map(({ x, estimate }) => [x, estimate]);

/** The mean of several bands at each x that all of them have. */
function meanBand(bands: readonly (readonly BandPoint[])[]): BandPoint[] {
  const [first, ...others] = bands.map((band) => new Map(band.map((point) => [point.x, point])));
  return [...first.values()].flatMap((point) => {
    const points = [point, ...others.map((other) => other.get(point.x))];
    if (points.some((other) => other === undefined)) return [];
    const mean = (key: 'estimate' | 'lower' | 'upper'): number =>
      points.reduce((sum, other) => sum + other![key], 0) / points.length;
    return [{ x: point.x, estimate: mean('estimate'), lower: mean('lower'), upper: mean('upper') }];
  });
}
