import { z } from 'zod';

const policy = z.enum(['ignore', 'zeros', 'ones']);

const columnName = z.string().min(1);

/** How a table tells the findings of images: part of `dataOptionsSchema` and of {@link findingOptionsSchema}. */
export const findingOptions = {
  labelColumns: z
    .array(columnName)
    .min(1)
    .optional()
    .describe(
      'For several findings per image: columns with 1 (present), 0 (absent), -1 (uncertain) or nothing, one per finding.',
    ),
  labelSeparator: z
    .string()
    .min(1)
    .optional()
    .describe(
      'For several findings per image: what separates them in the label column, such as "Effusion|Mass"; default: |.',
    ),
  noFinding: z
    .string()
    .optional()
    .describe('What the label column says of an image without any finding; default: No Finding.'),
  findings: z
    .array(columnName)
    .min(1)
    .optional()
    .refine((names) => new Set(names).size === (names?.length ?? 0), {
      error: 'must not contain a name twice',
    })
    .describe(
      'The findings that the label column may list, in the order of the outputs; default: all that occur, in alphabetical order.',
    ),
  uncertain: policy
    .optional()
    .describe(
      'What -1 in a column of a finding counts as: not known (ignore, the default), absent (zeros) or present (ones).',
    ),
  blank: policy
    .optional()
    .describe(
      'What an empty cell counts as: not known (ignore, the default), absent (zeros, the default of chexpert, where it means "not mentioned") or present (ones).',
    ),
};

/** Every option of `readFindings`. */
export const findingOptionsSchema = z.strictObject({
  ...findingOptions,
  labelColumn: columnName
    .optional()
    .describe('A column that lists the findings of each image, such as "Effusion|Mass".'),
});

/** Options of `readFindings`: either `labelColumns` or `labelColumn`. */
export type FindingOptions = z.input<typeof findingOptionsSchema>;

/** Whether options describe several findings per image: they say so, or say how a table tells them. */
export const describeSeveralFindings = ({
  task,
  labelColumns,
  labelSeparator,
  findings,
}: Pick<FindingOptions, 'labelColumns' | 'labelSeparator' | 'findings'> & {
  readonly task?: string;
}): boolean =>
  task === undefined
    ? (labelColumns ?? labelSeparator ?? findings) !== undefined
    : task === 'multilabel';

/** A problem with one option. */
interface OptionConflict {
  readonly option: keyof FindingOptions;
  readonly message: string;
  readonly hint?: string;
}

/**
 * Options that contradict each other, or that would have no effect.
 * @param form how the table tells findings: one column each, or a column that lists them
 */
export function findingConflicts(
  options: FindingOptions,
  form: 'columns' | 'list',
): OptionConflict[] {
  const { labelColumns = [], blank } = options;
  const without = (option: keyof FindingOptions, where: string, hint: string): OptionConflict[] =>
    options[option] === undefined ? [] : [{ option, message: `has no effect with ${where}`, hint }];
  if (form === 'list')
    return [
      ...without('uncertain', 'a label column', 'labelColumns may have the value -1'),
      ...(blank === 'ones'
        ? [
            {
              option: 'blank',
              message: 'got "ones", but a blank cell of a label column names no finding',
              hint: 'ignore or zeros',
            } as const,
          ]
        : []),
    ];
  return [
    ...without('findings', 'labelColumns', 'the columns are the findings, in their order'),
    ...without('labelSeparator', 'labelColumns', 'each column tells one finding'),
    ...without('noFinding', 'labelColumns', 'an image without findings has 0 in every column'),
    ...labelColumns.flatMap((name, i): OptionConflict[] =>
      labelColumns.indexOf(name) < i
        ? [{ option: 'labelColumns', message: `"${name}" is listed twice` }]
        : [],
    ),
  ];
}
