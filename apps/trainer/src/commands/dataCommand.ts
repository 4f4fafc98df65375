import { InputError } from '@nonlocal-med/core';
import { describeDataset, openDataset, tinyLesionsDataset, type DatasetDescription } from '@nonlocal-med/data';
import { parseRunConfig } from '@nonlocal-med/experiment';
import { createProgress, emitJson, exitCodes, formatTable, type CommandContext } from '@nonlocal-med/terminal';
import { Command } from 'commander';
import { addTrainingFlags, readOptions, type TrainingOptions } from '../options/readOptions.js';

/** `data check`: what a data set holds, what is wrong with it, and the split it would get. */
export function dataCommand({ signal }: CommandContext): Command {
  const check = addTrainingFlags(new Command('check').description('Check every image and label of a data set, and show the split that training would make.'))
    .option('--json', 'print JSON')
    .action(async (options: TrainingOptions & { json?: true }) => {
      const raw = await readOptions(options);
      if (raw.data === undefined) throw new InputError({ where: '--data', what: 'missing', allowed: 'a folder with one folder a class, or a CSV manifest' });
      const { data, split, seed } = parseRunConfig(raw);
      const dataset = data.kind === 'tiny-lesions' ? tinyLesionsDataset({ ...data, count: data.images }) : await openChecked(data, signal);
      const description = describeDataset(dataset, { ...split, seed: split.seed ?? seed });
      if (options.json !== undefined) emitJson(description);
      else process.stdout.write(`${describe(description)}\n`);
      if ('faults' in description.split) process.exitCode = exitCodes.wrongInput;
    });
  return new Command('data').description('Look at a data set.').addCommand(check);
}

async function openChecked(data: Parameters<typeof openDataset>[0], signal: AbortSignal): ReturnType<typeof openDataset> {
  let progress: ReturnType<typeof createProgress> | undefined;
  try {
    return await openDataset({ ...data, signal, onProgress: (done, total) => (progress ??= createProgress({ label: 'checking images', total })).update(done) });
  } finally {
    progress?.stop();
  }
}

function describe({ name, images, classes, groups, sizes, kinds, duplicates, masks, skipped, notes, split, fingerprint }: DatasetDescription): string {
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
