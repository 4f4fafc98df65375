import { InputError } from '@nonlocal-med/core';
import { datasetKinds } from '@nonlocal-med/data/options';
import { findingFlags } from './findingFlags.js';
import { givenSplitFlags } from './givenSplitFlags.js';
import { isPlainObject } from './mergeOptions.js';
import { type OptionFlag, parseNumber } from './optionSources.js';
import { parseYaml } from './parseYaml.js';

/** Adds a heading of help to flags. */
export const under = (group: string, flags: readonly Omit<OptionFlag, 'group'>[]): OptionFlag[] =>
  flags.map((flag) => ({ ...flag, group }));

/** Flags for the options of a data set, in every command that reads one. */
export const dataFlags: readonly OptionFlag[] = [
  ...under('Data set:', [
    {
      flags: '--data <path>',
      path: 'data.path',
      description:
        'folder with one subfolder per class, CSV manifest or its folder, or a supported public data set in its original layout',
    },
    {
      flags: '--kind <name>',
      path: 'data.kind',
      description: `layout of the data set: ${datasetKinds.join(', ')}; default: auto, which detects it`,
    },
    {
      flags: '--label <name>',
      path: 'data.label',
      description:
        'label of messidor or messidor2: dr4, dr5, dme3, dr-binary, dr-referable or dme-binary',
    },
    {
      flags: '--file-column <name>',
      path: 'data.fileColumn',
      description: 'column of the image file in a CSV manifest',
    },
    {
      flags: '--label-column <name>',
      path: 'data.labelColumn',
      description: 'column of the class in a CSV manifest',
    },
    {
      flags: '--label-map <label=class,...>',
      path: 'data.labelMap',
      description:
        'names of classes or findings by label, e.g. 0=healthy,1..4=disease; no name excludes a label',
      parse: parseLabelMap,
    },
    {
      flags: '--ordered',
      path: 'data.ordered',
      description: 'the classes are grades with an order, so that quadratic kappa is reported',
    },
    {
      flags: '--attributes <name,...>',
      path: 'data.attributes',
      description:
        'columns of the manifest or DICOM attributes kept with predictions, for results by subgroup, e.g. sex,scanner,age; none keeps none; default: recognized ones, such as sex and age',
      parse: (text) => (text === 'none' ? [] : text.split(',').map((name) => name.trim())),
    },
    {
      flags: '--on-bad-image <fail|skip>',
      path: 'data.onBadImage',
      description: 'stop at an unreadable image, or skip and list it',
    },
  ]),
  ...under('Several findings per image:', findingFlags),
  ...under('Patients and split:', [
    {
      flags: '--group-column <name>',
      path: 'data.groupColumn',
      description:
        "column of the patient in a CSV manifest, or attribute of DICOM files (default: PatientID); keeps a patient's images in one split",
    },
    {
      flags: '--group-pattern <regex>',
      path: 'data.groupPattern',
      description: 'regular expression that captures the patient in the file name or path',
    },
    ...givenSplitFlags,
  ]),
  ...under('Image files:', [
    {
      flags: '--bits <count>',
      path: 'data.bits',
      description:
        'bits per value of images in 16-bit files, e.g. 12; default: decided from all images',
      parse: parseNumber,
    },
    {
      flags: '--window <file|percentile|number>',
      path: 'data.window',
      description:
        'window of DICOM files: their own, by percentiles, or a number: 2 for the second of several; default: file',
      parse: (text) => (/^\d+$/.test(text) ? Number(text) : text),
    },
    {
      flags: '--keep-names',
      path: 'data.keepNames',
      description: 'name DICOM images by their files in results, instead of by hashes',
    },
  ]),
];

/**
 * Parses `0=healthy,1..4=disease`, or a YAML mapping such as `{"a,b": x}`. A label without a class name is excluded.
 * @throws InputError if it is neither.
 */
function parseLabelMap(text: string): Readonly<Record<string, unknown>> {
  const fail = (): never => {
    throw new InputError({
      path: '--label-map',
      message: `got "${text}"`,
      hint: 'label=class,label=class such as 0=healthy,1..4=disease; a label or class that contains a comma or = as in {"a,b": c}',
    });
  };
  if (text.trimStart().startsWith('{')) {
    try {
      const map = parseYaml(text);
      if (isPlainObject(map)) return map;
    } catch {
      // Reported below.
    }
    return fail();
  }
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const [label, name, ...rest] = pair.split('=').map((part) => part.trim());
      if (label === '' || name === undefined || rest.length > 0) return fail();
      return [label, name === '' ? null : name];
    }),
  );
}
