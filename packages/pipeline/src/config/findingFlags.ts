import type { OptionFlag } from './optionSources.js';
import { parseYaml } from './parseYaml.js';

/** Flags on several findings per image, and the options that they set. */
export const findingFlags: readonly Omit<OptionFlag, 'group'>[] = [
  {
    flags: '--task <name>',
    path: 'data.task',
    description:
      'multiclass: each image is of one class; multilabel: each of several findings is present or absent',
  },
  {
    flags: '--label-columns <name,...>',
    path: 'data.labelColumns',
    description:
      'columns of findings with 1 (present), 0 (absent), -1 (uncertain) or nothing, e.g. Edema,Fracture',
    parse: parseNames,
  },
  {
    flags: '--label-separator <text>',
    path: 'data.labelSeparator',
    description:
      'what separates findings in the label column (multilabel); default: |, as in "Effusion|Mass"',
  },
  {
    flags: '--normal-label <text>',
    path: 'data.noFinding',
    description: 'what the label column says of an image without findings; default: No Finding',
  },
  {
    flags: '--findings <name,...>',
    path: 'data.findings',
    description:
      'findings that the label column may list, in the order of the outputs; default: all that occur',
    parse: parseNames,
  },
  {
    flags: '--uncertain <policy>',
    path: 'data.uncertain',
    description:
      'what -1 counts as: ignore (not known, the default), zeros (absent) or ones (present)',
  },
  {
    flags: '--blank <policy>',
    path: 'data.blank',
    description: 'what an empty cell of a finding counts as: ignore, zeros or ones',
  },
];

/** Names separated by commas; those that contain a comma as a YAML list: `["a, b", c]`. */
function parseNames(text: string): unknown {
  if (!text.trimStart().startsWith('[')) return text.split(',').map((name) => name.trim());
  try {
    return parseYaml(text);
  } catch {
    return text; // for the schema to report
  }
}
