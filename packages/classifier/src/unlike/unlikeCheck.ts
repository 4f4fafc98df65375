import type { ViewStatistics } from '@nonlocal-med/data/image';
import type { TrainingStatistics } from '@nonlocal-med/runs/model';
import { mahalanobis } from './mahalanobis.js';
import { describeReasons, findReasons, type UnlikeReason } from './unlikeReasons.js';

/** How unlike the images that a model was trained on an image is. */
export interface UnlikeImage {
  /** Its distance from the training images; more than 1 if it is unlike them. */
  readonly distance: number;
  /** The one or two statistics that stick out most; empty if it is not unlike them. */
  readonly reasons: readonly UnlikeReason[];
  /** The reasons as text: `darker (brightness 9 %; training images 31 to 62 %)`. */
  readonly text: string;
}

/** Compares an image with those that a model was trained on. */
export type UnlikeCheck = (image: ViewStatistics) => UnlikeImage;

/** The comparison with training images of which these are the statistics. */
export function createUnlikeCheck(statistics: TrainingStatistics): UnlikeCheck {
  const ratiosOf = createRatios(statistics);
  return (image) => {
    const ratios = ratiosOf(image);
    const [appearance, layout] = [
      ratios.appearance / statistics.limit,
      ratios.layout / statistics.limit,
    ];
    const distance = Math.max(appearance, layout);
    const reasons = distance > 1 ? findReasons(image, statistics, { appearance, layout }) : [];
    return { distance, reasons, text: describeReasons(reasons) };
  };
}

/** How far an image is from the training images, relative to the limits of the two groups. */
function createRatios(
  statistics: Pick<TrainingStatistics, 'appearance' | 'layout'>,
): (image: ViewStatistics) => { readonly appearance: number; readonly layout: number } {
  const { appearance, layout } = statistics;
  const [distance, layoutDistance] = [mahalanobis(appearance), mahalanobis(layout)];
  return (image) => ({
    appearance: distance(image.appearance) / appearance.limit,
    layout: layoutDistance(image.layout) / layout.limit,
  });
}
