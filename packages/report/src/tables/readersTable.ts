import { wilsonInterval } from '@nonlocal-med/metrics';
import type { ReaderResult } from '../statistics/systemRows.js';
import type { Table } from './table.js';

/**
 * Sensitivity and specificity of each reader of a reader study with Wilson's 95 % intervals, which count images: for the
 * second of two classes, else for every class against the rest, or for every finding.
 */
export function readersTable(readers: readonly ReaderResult[]): Table {
  return {
    columns: [
      { title: 'reader' },
      { title: readers[0].task === 'multilabel' ? 'finding' : 'class' },
      ...['sensitivity', 'specificity', 'images'].map((title) => ({
        title,
        align: 'right' as const,
      })),
    ],
    rows: readers.flatMap(({ name, task, points }) =>
      (task !== 'multilabel' && points.length === 2 ? points.slice(1) : points).map(
        ({ class: className, sensitivity, specificity, positives, negatives }) => [
          name,
          className,
          shareText(sensitivity, positives),
          shareText(specificity, negatives),
          String(positives + negatives),
        ],
      ),
    ),
  };
}

function shareText(share: number | null, images: number): string {
  if (share === null) return '-';
  const { lower, upper } = wilsonInterval(Math.round(share * images), images)!;
  return `${share.toFixed(3)} (${lower.toFixed(2)} to ${upper.toFixed(2)})`;
}
