import type { DatasetDescription } from '@nonlocal-med/data';
import { formatTable } from '@nonlocal-med/terminal';
import { labelledLines } from './labelledLines.js';
import { nearDuplicatesText } from './nearDuplicatesText.js';

/** Sets of equal images shown; `--json` has all. */
const SHOWN = 10;

/** What `data check` prints: classes and split as a table, findings below it, in 80 columns. */
export function datasetText(description: DatasetDescription): string {
  const {
    name,
    images,
    classes,
    sizes,
    kinds,
    nearDuplicates,
    masks,
    skipped,
    notes,
    split,
    fingerprint,
  } = description;
  const findings: [label: string, text: string][] = [
    ['sizes', describeSizes(sizes)],
    ['kinds', kinds.map((kind) => `${kind.kind}: ${kind.images}`).join('; ')],
    ['groups', describeGroups(description)],
    ['duplicates', describeDuplicates(description)],
    ['near', nearDuplicatesText(nearDuplicates)],
    ['masks', String(masks)],
    [
      'skipped',
      skipped.length === 0
        ? 'none'
        : [`${skipped.length}:`, ...skipped.map(({ file, reason }) => `${file}: ${reason}`)].join(
            '\n',
          ),
    ],
    ['fingerprint', fingerprint],
    ...notes.map((note): [string, string] => ['note', note]),
    ...('issues' in split
      ? split.issues.map(({ path: where, message: what, hint: allowed }): [string, string] => [
          'issue',
          `${where}: ${what}${allowed === undefined ? '' : ` (${allowed})`}`,
        ])
      : []),
  ];
  return [
    `${name}: ${images} images in ${classes.length} classes`,
    '',
    classTable(description),
    '',
    ...findings.map(([label, text]) => labelledLines(label, text)),
  ].join('\n');
}

function classTable({ images, classes, groups, split }: DatasetDescription): string {
  const sides =
    'issues' in split
      ? []
      : (['train', 'validation', 'test'] as const).map((title) => ({ title, ...split[title] }));
  const rows = classes.map((entry, label) => [
    entry.name,
    String(entry.images),
    `${(100 * entry.share).toFixed(1)} %`,
    String(entry.groups),
    ...sides.map(({ classCounts }) => String(classCounts[label])),
  ]);
  const totals = [
    'all',
    String(images),
    '',
    String(groups.count),
    ...sides.map((side) => String(side.images)),
  ];
  return formatTable(
    [
      { title: 'class' },
      ...['images', 'share', 'groups', ...sides.map(({ title }) => title)].map((title) => ({
        title,
        align: 'right' as const,
      })),
    ],
    [...rows, totals],
  );
}

function describeSizes({
  smallest,
  median,
  largest,
  different,
}: DatasetDescription['sizes']): string {
  const show = ({ width, height }: typeof smallest): string => `${width} x ${height}`;
  return different === 1
    ? show(smallest)
    : `${show(smallest)} to ${show(largest)}, median ${show(median)} (width x height)`;
}

function describeGroups({ images, groups }: DatasetDescription): string {
  if (groups.imagesWithout === images) return 'none given: each image may go to either side';
  return `${groups.count}, the largest of ${groups.largest} images${groups.imagesWithout > 0 ? `; ${groups.imagesWithout} images without` : ''}`;
}

function describeDuplicates({ duplicates }: DatasetDescription): string {
  if (duplicates.length === 0) return 'none';
  const more =
    duplicates.length > SHOWN
      ? [`... and ${duplicates.length - SHOWN} more (--json lists all)`]
      : [];
  return [...duplicates.slice(0, SHOWN).map((ids) => ids.join(' = ')), ...more].join('\n');
}
