import { z } from 'zod';

const policy = z.enum(['ignore', 'zeros', 'ones']);

/** Every option of `readFindings`. */
export const findingOptionsSchema = z.strictObject({
  labelColumns: z
    .array(z.string())
    .min(1)
    .optional()
    .describe('Columns with 1 (present), 0 (absent), -1 (uncertain) or nothing, one per finding.'),
  labelColumn: z
    .string()
    .optional()
    .describe('A column that lists the findings of each image, such as "Effusion|Mass".'),
  separator: z
    .string()
    .min(1)
    .default('|')
    .describe('What separates the findings in the label column.'),
  noFinding: z
    .string()
    .default('No Finding')
    .describe('What the label column says of an image without any finding.'),
  findings: z
    .array(z.string())
    .min(1)
    .optional()
    .describe(
      'The findings that the label column may list, in the order of the outputs; by default all that occur, in alphabetical order.',
    ),
  uncertain: policy
    .default('ignore')
    .describe('What -1 counts as: not known (ignore), absent (zeros) or present (ones).'),
  blank: policy
    .default('ignore')
    .describe(
      'What an empty cell counts as: not known (ignore), absent (zeros, as CheXpert\'s "not mentioned" is usually read) or present (ones).',
    ),
});

/** Options of `readFindings`: either `labelColumns` or `labelColumn`. */
export type FindingOptions = z.input<typeof findingOptionsSchema>;
