import { type CsvOptions, csvText, InputError, type Sample } from '@nonlocal-med/core';
import { splitDataset, type SplitOptions } from '@nonlocal-med/data';
import type { NotedDataset } from '@nonlocal-med/pipeline';

/**
 * A data set as CSV, one line per image: its id in run folders, its file, the frame of a file with several (counted from
 * 1), its class (or a column for each finding: 1 present, 0 absent, empty if it is not known), its patient or other group,
 * and the part of the split that training would use it for. For images in
 * DICOM files, whose ids are hashes, this is the only place that tells which file an id means.
 */
export function imageList(
  dataset: NotedDataset,
  splitOptions: SplitOptions,
  options?: CsvOptions,
): string {
  const partOf = partsOf(dataset, splitOptions);
  const rows = dataset.samples.map(({ id, file = '', frame, label, findings, group = '' }) => [
    id,
    file,
    frame === undefined ? '' : String(frame + 1),
    ...(findings === undefined
      ? [dataset.classes[label]]
      : findings.map((known) => (known === -1 ? '' : String(known)))),
    group,
    partOf.get(id) ?? '',
  ]);
  const labels = dataset.task === 'multilabel' ? dataset.classes : ['class'];
  return csvText([['id', 'file', 'frame', ...labels, 'group', 'split'], ...rows], options);
}

/** The part of each image; none if the data set cannot be split, which the check reports. */
function partsOf(
  dataset: NotedDataset,
  splitOptions: SplitOptions,
): ReadonlyMap<string, Required<Sample>['split']> {
  try {
    const { split } = splitDataset(dataset, splitOptions);
    return new Map(
      (['training', 'validation', 'test'] as const).flatMap((part) =>
        split[part === 'training' ? 'train' : part].map(({ id }) => [id, part] as const),
      ),
    );
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return new Map();
  }
}
