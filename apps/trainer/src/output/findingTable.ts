import type { DatasetDescription } from '@nonlocal-med/data';
import { formatTable } from '@nonlocal-med/terminal';

/**
 * How many images have each finding, do not have it, and of how many it is not known, in the data set and in each part of
 * the split: two or three lines per finding. The share is that of images with it among those of which it is known; groups
 * (patients) are those with it.
 */
export function findingTable({ images, classes, groups, split }: DatasetDescription): string {
  const parts =
    'issues' in split
      ? []
      : (['train', 'validation', 'test'] as const).map((title) => ({ title, ...split[title] }));
  const anyUnknown = classes.some(({ unknown = 0 }) => unknown > 0);
  const lines = (present: number, absent: number, total: number): string =>
    [present, absent, ...(anyUnknown ? [total - present - absent] : [])].join('\n');
  const rows = classes.map(({ name, images: present, absent = 0, share, groups: having }, f) => [
    `${name}\n  absent${anyUnknown ? '\n  not known' : ''}`,
    lines(present, absent, images),
    `${(100 * share).toFixed(1)} %`,
    String(having),
    ...parts.map(({ classCounts, absentCounts = [], images: total }) =>
      lines(classCounts[f], absentCounts[f], total),
    ),
  ]);
  const totals = [
    'all images',
    String(images),
    '',
    String(groups.count),
    ...parts.map((part) => String(part.images)),
  ];
  const titles = ['images', 'share', 'groups', ...parts.map(({ title }) => title)];
  return formatTable(
    [
      { title: 'finding (present)' },
      ...titles.map((title) => ({ title, align: 'right' as const })),
    ],
    [...rows, totals],
  );
}
