import type { Predictions } from '@nonlocal-med/core';
import {
  type BandPoint,
  labeledPredictions,
  precisionRecallBand,
  precisionRecallCurve,
  rocBand,
  rocCurve,
} from '@nonlocal-med/metrics';
import type { Curve, CurvePoint } from './curve.js';
import { meanBand } from './meanBand.js';

/** Receiver operating characteristic, or precision against recall. */
export type CurveKind = 'roc' | 'precision-recall';

/** Steps of a band's grid and resamples of its bootstrap. */
const BAND = { points: 51, resamples: 500, seed: 0 } as const;

/**
 * One class against the rest, over the repeats of a model. One repeat gives its exact curve with its bootstrap band;
 * several give the mean height at each x (vertical averaging, Fawcett 2006) and the mean of their bands.
 * @returns null where a repeat has no image of the class, or none of the others.
 */
export function classCurve(
  kind: CurveKind,
  repeats: readonly Predictions[],
  classIndex: number,
): Curve | null {
  const parts = repeats.map((predictions) => oneCurve(kind, binary(predictions, classIndex)));
  if (parts.length === 0 || parts.some((part) => part === null)) return null;
  const curves = parts as readonly { line: CurvePoint[]; band: BandPoint[] }[];
  const band = meanBand(curves.map((curve) => curve.band));
  const mean = band.map(({ x, estimate }) => [x, estimate] as const);
  return curves.length === 1
    ? { line: curves[0].line, band, repeats: [], grid: band }
    : {
        line: mean,
        band,
        repeats: curves.map((curve) => curve.band.map(({ x, estimate }) => [x, estimate] as const)),
        grid: band,
      };
}

function oneCurve(
  kind: CurveKind,
  { labels, scores }: BinaryScores,
): { line: CurvePoint[]; band: BandPoint[] } | null {
  const band =
    kind === 'roc' ? rocBand(labels, scores, BAND) : precisionRecallBand(labels, scores, BAND);
  const line: CurvePoint[] | undefined =
    kind === 'roc'
      ? rocCurve(labels, scores)?.map(({ falsePositiveRate, truePositiveRate }) => [
          falsePositiveRate,
          truePositiveRate,
        ])
      : precisionRecallCurve(labels, scores)?.map(({ recall, precision }) => [recall, precision]);
  return band === null || line === undefined ? null : { line, band };
}

interface BinaryScores {
  readonly labels: Uint8Array;
  readonly scores: Float64Array;
}

function binary(predictions: Predictions, classIndex: number): BinaryScores {
  const { labels, probabilities, classes } = labeledPredictions(predictions);
  return {
    labels: Uint8Array.from(labels, (label) => Number(label === classIndex)),
    scores: Float64Array.from(labels, (_, i) => probabilities[i * classes.length + classIndex]),
  };
}
