import type { Split } from './split.js';

/** How many images and groups a side of a split has, and how many images of each class. */
export interface SideSummary {
  readonly images: number;
  readonly groups: number;
  /** [classes] */
  readonly classCounts: readonly number[];
}

/** The three sides of a split in numbers, for a table or a run's record. */
export function summarizeSplit(
  split: Split,
  classCount: number,
): Readonly<Record<keyof Split, SideSummary>> {
  const summarize = (samples: Split['train']): SideSummary => {
    const classCounts = new Array<number>(classCount).fill(0);
    for (const { label } of samples) classCounts[label]++;
    return {
      images: samples.length,
      groups: new Set<unknown>(samples.map((sample) => sample.group ?? sample)).size,
      classCounts,
    };
  };
  return {
    train: summarize(split.train),
    validation: summarize(split.validation),
    test: summarize(split.test),
  };
}
