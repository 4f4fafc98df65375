import { count, InputError, type PrecisionChoice, type TaskPredictions } from '@nonlocal-med/core';
import type { DataOptions } from '@nonlocal-med/data';
import {
  averagePredictions,
  compareTask,
  evaluateTask,
  type TaskComparison,
  type TaskMetric,
  type TaskReport,
} from '@nonlocal-med/metrics';
import type { WeightsChoice } from '@nonlocal-med/runs';
import { evaluateRun } from '../run/evaluateRun.js';
import type { ProgressListener } from '../run/progressListener.js';
import { inClassOrder, namesOf, onImages } from './alignMembers.js';
import {
  describeMember,
  type EnsembleMember,
  readMemberFacts,
  requireOneEnsemble,
} from './ensembleMembers.js';
import { evaluateModel } from './evaluateModel.js';
import { openExportedModel } from './openExportedModel.js';
import type { TestTimeAugmentation } from './testTimeAugmentation.js';

/** Result of an ensemble, or of one model with test-time augmentation, next to that of its single models. */
export interface EnsembleEvaluation {
  readonly members: readonly EnsembleMember[];
  readonly tta: TestTimeAugmentation | null;
  /** The mean of the members' probabilities, with the groups (patients) of the images if they are known. */
  readonly predictions: TaskPredictions;
  readonly report: TaskReport;
  /** Against the members one by one and without augmentation, whose metrics are averaged. */
  readonly comparison: TaskComparison;
  /** Whether the classes are grades with an order. */
  readonly ordered: boolean;
  /** Whether groups of images are patients, rather than copies of an image. */
  readonly patientsKnown: boolean;
}

/** What an ensemble is tested on, and how. */
export interface EvaluateEnsembleOptions extends ProgressListener {
  /** Another data set; default: the test set that all members share, which must be runs. */
  readonly data?: DataOptions;
  /** Test images of `data` that members were trained on, too. Default: false. */
  readonly includeSeen?: boolean;
  readonly weights?: WeightsChoice;
  /** Compute backend of runs on their test set; default: the one that each was trained on. */
  readonly engine?: 'auto' | 'native' | 'wasm';
  /** Type in which convolutions and matrix products are computed; default: of runs on their test set as in training, else float32. */
  readonly precision?: PrecisionChoice;
  readonly tta?: TestTimeAugmentation;
  readonly signal?: AbortSignal;
}

/**
 * Tests an ensemble of models, or a single one with test-time augmentation: the mean of the probabilities over members
 * and views. Each member prepares images as it was trained. Only images that no member has seen are tested.
 * @throws InputError if members differ in their task, classes or bit depth, were tested on different images, or have together seen all
 */
export async function evaluateEnsemble(
  folders: readonly string[],
  options: EvaluateEnsembleOptions,
): Promise<EnsembleEvaluation> {
  const { data } = options;
  requireOneEnsemble(await readMemberFacts(folders));
  const members: MemberResult[] = [];
  for (const folder of folders)
    members.push(
      data === undefined
        ? await memberOnTest(folder, options)
        : await memberOnData(folder, options),
    );
  const [first, ...others] = members;
  if (data === undefined)
    for (const { folder, mean } of others) requireSameTest(mean, first, folder);
  const tested = others.map(({ mean }) => new Set(mean.ids));
  const common = first.mean.ids.filter((id) => tested.every((ids) => ids.has(id)));
  if (common.length === 0)
    throw new InputError({
      path: data?.path ?? folders.join(', '),
      message: 'every image was seen by at least one member',
      hint: 'images that no member was trained on, or --include-seen',
    });
  const names = namesOf(first.mean);
  const [means, singles] = (['mean', 'single'] as const).map((kind) =>
    members.map((member) => onImages(inClassOrder(member[kind], names), common)),
  );
  const predictions = averagePredictions(means);
  return {
    members: members.map(({ record }) => record),
    tta: options.tta ?? null,
    predictions,
    report: evaluateTask(predictions, { bootstrap: { seed: 0 } }),
    comparison: compareTask(predictions, singles, {
      metrics: 'findings' in predictions ? ofFindings : ofClasses,
    }),
    ordered: first.ordered,
    patientsKnown: first.patientsKnown,
  };
}

/** The metrics that are compared. */
const ofClasses: readonly TaskMetric[] = [
  'auc',
  'sensitivity',
  'accuracyOneVsRest',
  'accuracy',
  'quadraticKappa',
];
const ofFindings: readonly TaskMetric[] = [
  'auc',
  'averagePrecision',
  'sensitivity',
  'specificity',
  'micro auc',
  'micro averagePrecision',
];

/** A member's predictions with augmentation and without. */
interface MemberResult {
  readonly folder: string;
  readonly mean: TaskPredictions;
  readonly single: TaskPredictions;
  readonly record: EnsembleMember;
  readonly ordered: boolean;
  readonly patientsKnown: boolean;
}

async function memberOnTest(
  folder: string,
  { weights: wanted, engine, precision, tta, signal, ...listener }: EvaluateEnsembleOptions,
): Promise<MemberResult> {
  const { predictions, single, ordered, patientsKnown, weights, weightsSha256 } = await evaluateRun(
    {
      folder,
      weights: wanted,
      engine,
      precision,
      tta,
      signal,
      onNote: listener.onNote,
      onImages: listener.onImages,
    },
  );
  const record = { folder, weightsSha256, weights };
  return { folder, mean: predictions, single, record, ordered, patientsKnown };
}

async function memberOnData(
  folder: string,
  { data, includeSeen, precision, tta, signal, onNote, onImages }: EvaluateEnsembleOptions,
): Promise<MemberResult> {
  const model = await openExportedModel(folder, { precision, onNote });
  try {
    const { predictions, single, seen, ordered, patientsKnown } = await evaluateModel(
      model,
      data!,
      {
        includeSeen,
        tta,
        signal,
        onNote,
        onImages,
      },
    );
    const record = { ...(await describeMember(model)), seen };
    return { folder, mean: predictions, single, record, ordered, patientsKnown };
  } finally {
    model.dispose();
  }
}

function requireSameTest(mean: TaskPredictions, first: MemberResult, folder: string): void {
  const expected = new Set(first.mean.ids);
  const common = mean.ids.filter((id) => expected.has(id)).length;
  if (common === expected.size && common === mean.ids.length) return;
  throw new InputError({
    path: folder,
    message: `was tested on ${count(mean.ids.length, 'image')}, of which ${common} are among the ${expected.size} of ${first.folder}: its other test images were used to train other members`,
    hint: 'repeats with one split (kind seeds), or --data with images that no member was trained on; the folder of a cross-validation alone has out-of-fold results',
  });
}
