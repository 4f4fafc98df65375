import { splitNameOf } from '@nonlocal-med/data/options';

/** Flags on a split that is given with a data set, and the options that they set. */
export const givenSplitFlags = [
  {
    flags: '--split-column <name>',
    path: 'data.splitColumn',
    description: 'column of a CSV manifest that gives the split: train, val or test',
  },
  {
    flags: '--split-file <file...>',
    path: 'data.splitFile',
    description:
      'gives the split: a CSV file with the columns file and split, or lists of images, e.g. training=train.txt test=test.txt',
    parse: parseSplitFile,
  },
  {
    flags: '--given-split <use|ignore>',
    path: 'data.givenSplit',
    description:
      'use the split that the data set gives by folders train/, val/, test/ or a column (default), or ignore it and split all images anew',
  },
  {
    flags: '--allow-leaks',
    path: 'data.allowLeaks',
    description:
      'train although patients or identical images are in several parts of the given split; recorded in the run',
  },
] as const;

/**
 * The value of `--split-file` with one more of its arguments: `test=FILE` adds a list, any other text is the CSV file.
 * What does not go together is kept, for the schema to report.
 */
function parseSplitFile(text: string, previous?: unknown): unknown {
  const [, set, file] = /^([a-z]+)=(.+)$/i.exec(text) ?? [];
  if (set === undefined) return previous === undefined ? text : [previous, text].flat();
  const list = { [splitNameOf(set) ?? set]: file };
  if (previous === undefined) return list;
  if (typeof previous !== 'object' || previous === null || Array.isArray(previous))
    return [previous, text].flat();
  return Object.keys(list)[0] in previous ? [previous, text] : { ...previous, ...list };
}
