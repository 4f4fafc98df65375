import type { DatasetDescription } from '@nonlocal-med/data';
import { formatTable } from '@nonlocal-med/terminal';

/** What `data check` prints: classes and split as a table, findings a line each. */
export function datasetText({ name, images, classes, groups, sizes, kinds, duplicates, masks, skipped, notes, split, fingerprint }: DatasetDescription): string {
  const size = ({ width, height }: { width: number; height: number }): string => `${width} x ${height}`;
  const sides = ['train', 'validation', 'test'] as const;
  const planned = 'faults' in split ? undefined : split;
  const rows = classes.map((entry, label) => [entry.name, String(entry.images), `${(100 * entry.share).toFixed(1)} %`, String(entry.groups), ...(planned === undefined ? [] : sides.map((side) => String(planned[side].classCounts[label])))]);
  const totals = ['all', String(images), '', String(groups.count), ...(planned === undefined ? [] : sides.map((side) => String(planned[side].images)))];
  const columns = [{ title: 'class' }, ...['images', 'share', 'groups', ...(planned === undefined ? [] : sides)].map((title) => ({ title, align: 'right' as const }))];
  const lines = [
    `${name}: ${images} images in ${classes.length} classes`,
    '',
    formatTable(columns, [...rows, totals]),
    '',
    `sizes       ${sizes.different === 1 ? size(sizes.smallest) : `${size(sizes.smallest)} to ${size(sizes.largest)}, median ${size(sizes.median)} (width x height)`}`,
    `kinds       ${kinds.map((kind) => `${kind.kind}: ${kind.images}`).join('; ')}`,
    `groups      ${groups.imagesWithout === images ? 'none given: each image may go to either side' : `${groups.count}, the largest of ${groups.largest} images${groups.imagesWithout > 0 ? `; ${groups.imagesWithout} images without` : ''}`}`,
    `duplicates  ${duplicates.length === 0 ? 'none' : duplicates.map((ids) => ids.join(' = ')).join('; ')}`,
    `masks       ${masks}`,
    `skipped     ${skipped.length === 0 ? 'none' : skipped.map(({ file, reason }) => `\n  ${file}: ${reason}`).join('')}`,
    `fingerprint ${fingerprint}`,
    ...notes.map((note) => `note        ${note}`),
    ...('faults' in split ? split.faults.map(({ where, what, allowed }) => `fault       ${where}: ${what}${allowed === undefined ? '' : ` (${allowed})`}`) : []),
  ];
  return lines.join('\n');
}
