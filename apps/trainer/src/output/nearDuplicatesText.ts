import type { DatasetDescription } from '@nonlocal-med/data';

/** Pairs shown; `--json` has all. */
const SHOWN = 10;

type NearDuplicate = DatasetDescription['nearDuplicates'][number];

/** Pairs of images that show nearly the same, a line each, and what can be done about those on two sides of the split. */
export function nearDuplicatesText(pairs: readonly NearDuplicate[]): string {
  if (pairs.length === 0) return 'none';
  const [classes, sides] = [
    pairs.filter(({ acrossClasses }) => acrossClasses).length,
    pairs.filter(({ acrossSplit }) => acrossSplit).length,
  ];
  return [
    `${pairs.length} ${pairs.length === 1 ? 'pair shows' : 'pairs show'} nearly the same; ${classes} across classes, ${sides} across the split`,
    ...pairs.slice(0, SHOWN).map(describePair),
    ...(pairs.length > SHOWN ? [`... and ${pairs.length - SHOWN} more (--json lists all)`] : []),
    ...(sides > 0 ? ['--set data.nearDuplicates=join keeps such pairs on one side.'] : []),
  ].join('\n');
}

function describePair({ images, distance }: NearDuplicate): string {
  const [first, second] = images.map(
    ({ id, className, side }) =>
      `${id} (${[className, ...(side === undefined ? [] : [side])].join(', ')})`,
  );
  return `${first} ~ ${second}, distance ${distance}`;
}
