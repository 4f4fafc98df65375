/** The decisions of `predict` as JSON and as text. */
import { goalText, type ImageDecision } from '@nonlocal-med/metrics';
import type { DecidedFile } from '@nonlocal-med/pipeline';
import { thresholdText } from '@nonlocal-med/report';

const nameOf = ({ positive }: ImageDecision): string => positive.join('+');

/** Decisions as JSON. */
export const decisionsJson = (decisions: readonly ImageDecision[]): Record<string, unknown>[] =>
  decisions.map((decision) => ({ ...decision, rule: goalText(decision.goal) }));

const signed = (margin: number): string =>
  `${margin < 0 ? '-' : '+'}${Math.abs(margin).toFixed(2)}`;

/** What is decided about an image, for a table: `yes (+0.12)`, or the classes that it is positive for. */
export function decisionCell(decisions: readonly ImageDecision[]): string {
  if (decisions.length === 1)
    return `${decisions[0].isPositive ? 'yes' : 'no'} (${signed(decisions[0].margin)})`;
  const found = decisions.filter(({ isPositive }) => isPositive);
  if (found.length === 0) return 'none';
  return found.map((decision) => `${nameOf(decision)} (${signed(decision.margin)})`).join(', ');
}

/**
 * What the decisions mean, and how many images are positive at each operating point.
 * @param options.isListed whether a table above has a {@link decisionCell} for each image
 */
export function decisionLines(
  files: readonly DecidedFile[],
  { isListed }: { readonly isListed: boolean },
): string[] {
  if (files.length === 0 || files[0].decisions.length === 0) return [];
  const margin = isListed ? ' (margin to the threshold in parentheses)' : '';
  return [
    `Decisions at the operating points of the model${margin}:`,
    ...files[0].decisions.map((point, index) => {
      const positive = files.filter(({ decisions }) => decisions[index].isPositive).length;
      return `  ${nameOf(point)} from ${thresholdText(point.threshold)} (${goalText(point.goal)}): ${positive} of ${files.length} positive`;
    }),
  ];
}
