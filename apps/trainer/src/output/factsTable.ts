import { count, formatBytes } from '@nonlocal-med/core';
import type { DatasetDescription } from '@nonlocal-med/data';
import { formatTable } from '@nonlocal-med/terminal';

type ClassFacts = DatasetDescription['factsByClass'][number];

/**
 * What the files of each class are like, one row per class; ranges hold nine of ten images, the border is a median.
 * @param title of the first column
 */
export function factsTable(classes: readonly ClassFacts[], title = 'class'): string {
  const titles = ['main size', 'aspect', 'file size', 'border', 'files'];
  return formatTable(
    [{ title }, ...titles.map((name) => ({ title: name }))],
    classes.map(({ name, size, sizes, aspect, bytes, borderMean, borderBlack, kinds }) => [
      name,
      `${size.width}x${size.height}${sizes === 1 ? '' : ` ${percent(size.share)}\n${count(sizes, 'size')}`}`,
      range(aspect, (value) => value.toFixed(2)),
      range(bytes, formatBytes),
      `level ${borderMean.median.toFixed(0)}\n${percent(borderBlack.median)} dark`,
      kinds.map(({ kind }) => kind.replaceAll(', ', ' ').replace(' bit', 'b')).join('\n'),
    ]),
  );
}

function range({ from, to }: ClassFacts['aspect'], show: (value: number) => string): string {
  const [low, high] = [show(from), show(to)];
  return low === high ? low : `${low}\nto ${high}`;
}

const percent = (fraction: number): string => `${(100 * fraction).toFixed(0)} %`;
