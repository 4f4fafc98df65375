import { z } from 'zod';

const list = (set: string): z.ZodOptional<z.ZodString> =>
  z.string().min(1).optional().describe(`Text file with one image of the ${set} per line.`);

const splitFile = z
  .union(
    [
      z.string().min(1),
      z.strictObject({
        training: list('training set'),
        validation: list('validation set'),
        test: list('test set'),
      }),
    ],
    { error: 'a CSV file, or lists of images: training=FILE, validation=FILE, test=FILE' },
  )
  .optional()
  .refine((files) => typeof files !== 'object' || Object.keys(files).length > 0, {
    error: 'at least one list: training, validation or test',
  })
  .describe(
    'Gives the split from outside the data set: a CSV file with a column for the image and one called split, or a text file per set with one image per line (training, validation, test); without a training list, all images in no list are for training. An image is named by its path below the data set, or by its file name if that is unique.',
  );

/** Options on a split that is given with a data set, part of `dataOptionsSchema`. */
export const givenSplitOptions = {
  splitColumn: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Column that gives the split: training, validation or test (also train, val, valid, testing); default: split, subset or partition, if present.',
    ),
  splitFile,
  givenSplit: z
    .enum(['use', 'ignore'])
    .optional()
    .describe(
      'What to do with the split that a data set gives by folders (train/, val/, test/) or a column: use it (default), or ignore it, so that all images are pooled and split anew.',
    ),
  allowLeaks: z
    .boolean()
    .optional()
    .describe(
      'Train although a patient or an identical image is in two parts of the given split; the leaks are recorded in the run. Default: false, which refuses such a split.',
    ),
} as const;
