import type { ExperimentRecord, WeightsChoice } from '@nonlocal-med/runs';
import type { PageModel } from './pageModel.js';

/** What a page is about. */
export interface PageSubject {
  readonly title: string;
  /** The experiment, or several runs seen as one with a single repeat. */
  readonly record: ExperimentRecord;
  /** Whether `record` is an experiment's folder. */
  readonly experiment: boolean;
  /** Its place as commands name it. */
  readonly place: string;
  /** Models with at least one tested run. */
  readonly models: readonly PageModel[];
  /** Choices of weights there are; the page begins with the first. */
  readonly choices: readonly WeightsChoice[];
  /** What a reader should know of how the runs were put together. */
  readonly notes: readonly string[];
}
