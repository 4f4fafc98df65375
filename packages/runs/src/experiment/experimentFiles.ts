import { join } from 'node:path';

/** Places inside an experiment's folder, beside `experiment.json` and the runs. */
export const experimentFiles = {
  /** Files that say which process makes a run. */
  claims: 'claims',
  /** Prepared images, shared by all runs; removed when all are finished. */
  cache: 'cache',
} as const;

/** The claim on a run. */
export const claimFileOf = (
  folder: string,
  run: { readonly row: { readonly key: string }; readonly repeat: number },
): string => join(folder, experimentFiles.claims, `${run.row.key}.${run.repeat}.json`);

/** What made a run fail, beside its folder; gone when it has succeeded. */
export const failureFileOf = (
  folder: string,
  { folder: run }: { readonly folder: string },
): string => join(folder, `${run}.failure.json`);
