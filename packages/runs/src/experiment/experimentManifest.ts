/** Published results of a row: mean and standard deviation over repeats, percent. */
export type PublishedResult = Readonly<
  Record<'AUC' | 'SEN' | 'ACC', readonly [mean: number, deviation: number]>
>;

/** One row of an experiment's table: a model with its options. */
export interface ExperimentRow {
  /** Unique in the experiment, and the name of its folder: `resnet18-nla`. */
  readonly key: string;
  /** As a table shows it: "ResNet18 + NAM + DB + NVCF". */
  readonly title: string;
  /** Heading that several rows stand under, such as the backbone. */
  readonly group?: string;
  /** Key of the row that this one is compared with; null for a row that others are compared with. */
  readonly baseline: string | null;
  /** Published numbers beside ours. */
  readonly published?: PublishedResult;
  /** False for a row that is quoted and not trained (HyNet): it has no runs. */
  readonly reproduced: boolean;
  /** A footnote. */
  readonly note?: string;
}

/** One run of an experiment: a row in one repeat. */
export interface ExperimentRun {
  /** Key of the row. */
  readonly row: string;
  /** 0, 1, ... */
  readonly repeat: number;
  /** Folder of the run, relative to the experiment's, with forward slashes. */
  readonly folder: string;
}

/**
 * How repeats differ. `splits`: each has a split and a seed of its own. `seeds`: one split, several seeds. `folds`:
 * repeat r tests on fold r.
 */
export type RepeatKind = 'splits' | 'seeds' | 'folds';

/** What `experiment.json` in an experiment's folder holds: a table's rows and the runs that fill it. */
export interface ExperimentManifest {
  readonly format: 1;
  /** `table1`, or the name of the definition's file. */
  readonly name: string;
  readonly caption: string;
  /** Name of the data set. */
  readonly data: string;
  readonly repeats: { readonly kind: RepeatKind; readonly count: number; readonly folds?: number };
  readonly rows: readonly ExperimentRow[];
  readonly runs: readonly ExperimentRun[];
  /** Footnotes to the whole table, such as contradictions between the paper's tables. */
  readonly notes: readonly string[];
}

/** Name of the manifest inside an experiment's folder. */
export const EXPERIMENT_FILE = 'experiment.json';

/** Name of the experiment's definition beside it, with all options: it makes the same experiment again. */
export const EXPERIMENT_DEFINITION = 'experiment.yaml';
