import { count, wrapText } from '@nonlocal-med/core';
import type { DatasetDescription } from '@nonlocal-med/data';
import type { Shortcuts } from '@nonlocal-med/pipeline';
import { formatTable } from '@nonlocal-med/terminal';
import { factsTable } from './factsTable.js';
import { findingTable } from './findingTable.js';

/** Duplicates and near-duplicate pairs shown; `--json` lists all. */
const SHOWN = 10;
const WIDTH = 80;
/** Column where the text after a label begins. */
const INDENT = 12;

/**
 * The output of `data check` in 80 columns: classes or findings and split as a table, the files of each class as another,
 * everything else below.
 * @param shortcuts absent if they could not be searched for
 */
export function datasetText(description: DatasetDescription, shortcuts?: Shortcuts): string {
  const { name, task, images, classes, sizes, kinds, likelyGroups } = description;
  const { masks, skipped, notes, split } = description;
  const issues = 'issues' in split ? split.issues : [];
  const observations: [label: string, text: string][] = [
    ...(task === 'multilabel'
      ? [['no finding', withoutFindingText(description)] satisfies [string, string]]
      : []),
    ['sizes', sizesText(sizes)],
    ['kinds', kinds.map((kind) => `${kind.kind}: ${kind.images}`).join('; ')],
    ['groups', groupsText(description)],
    ...(likelyGroups === undefined
      ? []
      : [
          ['patients', `${likelyGroups.message}\n${likelyGroups.option}`] satisfies [
            string,
            string,
          ],
        ]),
    ...(shortcuts === undefined
      ? []
      : [['shortcuts', shortcuts.message] satisfies [string, string]]),
    ['duplicates', duplicatesText(description.duplicates)],
    ['similar', nearDuplicatesText(description)],
    ['masks', String(masks)],
    ['skipped', skippedText(skipped)],
    ['fingerprint', description.fingerprint],
    ...notes.map((note): [string, string] => ['note', note]),
    ...issues.map(({ path, message, hint }): [string, string] => [
      'issue',
      `${path}: ${message}${hint === undefined ? '' : ` (${hint})`}`,
    ]),
  ];
  return [
    task === 'multilabel'
      ? `${name}: ${count(images, 'image')}, ${count(classes.length, 'finding')}`
      : `${name}: ${images} images in ${classes.length} classes`,
    '',
    task === 'multilabel' ? findingTable(description) : classTable(description),
    '',
    ...(description.factsByClass.length === 0
      ? []
      : [
          factsTable(description.factsByClass, task === 'multilabel' ? 'images with' : 'class'),
          '',
        ]),
    ...observations.map(([label, text]) => labeledText(label, text)),
  ].join('\n');
}

/** Text wrapped behind a label. */
function labeledText(label: string, text: string): string {
  const [first, ...rest] = wrapText(text, WIDTH - INDENT).split('\n');
  return [label.padEnd(INDENT) + first, ...rest.map((line) => ' '.repeat(INDENT) + line)].join(
    '\n',
  );
}

function classTable({ images, classes, groups, split }: DatasetDescription): string {
  const parts =
    'issues' in split
      ? []
      : (['train', 'validation', 'test'] as const).map((title) => ({ title, ...split[title] }));
  const rows = classes.map((entry, label) => [
    entry.name,
    String(entry.images),
    `${(100 * entry.share).toFixed(1)} %`,
    String(entry.groups),
    ...parts.map(({ classCounts }) => String(classCounts[label])),
  ]);
  const totals = [
    'all',
    String(images),
    '',
    String(groups.count),
    ...parts.map((part) => String(part.images)),
  ];
  const titles = ['images', 'share', 'groups', ...parts.map(({ title }) => title)];
  return formatTable(
    [{ title: 'class' }, ...titles.map((title) => ({ title, align: 'right' as const }))],
    [...rows, totals],
  );
}

function withoutFindingText({ images, imagesWithoutFinding = 0 }: DatasetDescription): string {
  return `${count(imagesWithoutFinding, 'image')} (${((100 * imagesWithoutFinding) / images).toFixed(1)} %) ${imagesWithoutFinding === 1 ? 'has' : 'have'} none of these findings`;
}

function sizesText({ smallest, median, largest, different }: DatasetDescription['sizes']): string {
  const show = ({ width, height }: typeof smallest): string => `${width} x ${height}`;
  return different === 1
    ? show(smallest)
    : `${show(smallest)} to ${show(largest)}, median ${show(median)} (width x height)`;
}

function groupsText({ images, groups, givenSplit }: DatasetDescription): string {
  if (groups.imagesWithout === images)
    return givenSplit === undefined ? 'none; every image is split independently' : 'none known';
  const without =
    groups.imagesWithout > 0 ? `; ${count(groups.imagesWithout, 'image')} without a group` : '';
  return `${groups.count}, the largest with ${count(groups.largest, 'image')}${without}`;
}

function duplicatesText(duplicates: DatasetDescription['duplicates']): string {
  return firstLines(duplicates.map((ids) => ids.join(' = '))).join('\n') || 'none';
}

type NearDuplicate = DatasetDescription['nearDuplicates'][number];

/** Pairs of nearly equal images, one per line, and how to keep those pairs in one split. */
function nearDuplicatesText({
  task,
  nearDuplicates: pairs,
  givenSplit,
}: DatasetDescription): string {
  if (pairs.length === 0) return 'none';
  const acrossClasses = pairs.filter((pair) => pair.acrossClasses).length;
  const acrossSplit = pairs.filter((pair) => pair.acrossSplit).length;
  return [
    `${count(pairs.length, 'pair')} of nearly equal images; ${acrossClasses} ${task === 'multilabel' ? 'with different findings' : 'across classes'}, ${acrossSplit} across splits`,
    ...firstLines(pairs.map(pairText)),
    ...(acrossSplit > 0 && givenSplit === undefined
      ? ['Use --set data.nearDuplicates=join to keep such pairs in one split.']
      : []),
  ].join('\n');
}

function pairText({ images, distance }: NearDuplicate): string {
  const [first, second] = images.map(
    ({ id, className, side }) =>
      `${id} (${[className, ...(side === undefined ? [] : [side])].join(', ')})`,
  );
  return `${first} ~ ${second}, distance ${distance}`;
}

function skippedText(skipped: DatasetDescription['skipped']): string {
  if (skipped.length === 0) return 'none';
  return [`${skipped.length}:`, ...skipped.map(({ file, reason }) => `${file}: ${reason}`)].join(
    '\n',
  );
}

function firstLines(lines: readonly string[]): string[] {
  return lines.length <= SHOWN
    ? [...lines]
    : [...lines.slice(0, SHOWN), `... and ${lines.length - SHOWN} more (--json lists all)`];
}
