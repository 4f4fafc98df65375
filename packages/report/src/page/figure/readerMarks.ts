import { dot, type Markish } from '@observablehq/plot';
import { summarizeSystem } from '../../statistics/systemRows.js';
import type { PageRun } from '../pageModel.js';
import type { CurveKind } from './classCurve.js';
import type { SeriesStyle } from './seriesStyle.js';

/** The operating point of a reader, or of the majority of several, in the plot of one class. */
export interface ReaderMark {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly isMajority: boolean;
}

/**
 * Where the readers of a row are in the plot of a class: at their false and true positive rates, or at their recall and
 * precision. Empty for models with probabilities, and without readers for whom both are defined.
 */
export function readerMarks(
  kind: CurveKind,
  { system, predictions }: Pick<PageRun, 'system' | 'predictions'>,
  className: string,
): ReaderMark[] {
  if (system === undefined) return [];
  const { readers } = summarizeSystem(system, predictions.last);
  return readers.flatMap(({ name, points }, index) => {
    const point = points.find((one) => one.class === className);
    if (point === undefined || point.sensitivity === null || point.specificity === null) return [];
    const { sensitivity, specificity, positives, negatives } = point;
    const [found, alarms] = [sensitivity * positives, (1 - specificity) * negatives];
    if (kind === 'precision-recall' && found + alarms === 0) return [];
    const [x, y] =
      kind === 'roc' ? [1 - specificity, sensitivity] : [sensitivity, found / (found + alarms)];
    return [{ name, x, y, isMajority: index === system.readers.length }];
  });
}

/** Circles for readers, a filled diamond for their majority. */
export function readerDots(
  marks: readonly ReaderMark[],
  { color, cssClass }: SeriesStyle,
): Markish {
  return dot(marks, {
    x: 'x',
    y: 'y',
    r: ({ isMajority }: ReaderMark) => (isMajority ? 5 : 3.5),
    symbol: ({ isMajority }: ReaderMark) => (isMajority ? 'diamond' : 'circle'),
    fill: color,
    fillOpacity: ({ isMajority }: ReaderMark) => (isMajority ? 1 : 0.25),
    stroke: color,
    strokeWidth: 1.5,
    className: cssClass,
  });
}
