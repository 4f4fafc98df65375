import { count } from '@nonlocal-med/core';
import { oneVsRest, reportedMetric, type TaskReport } from '@nonlocal-med/metrics';
import type { RunEnvironmentRecord } from '../run/runDescription.js';
import type { RunMetrics } from '../run/runMetrics.js';
import { type CardTable, estimateText, pointsTable } from './cardTables.js';

/** What a user of a model must know before using it, in sections. */
export interface ModelCard {
  readonly title: string;
  readonly sections: readonly CardSection[];
}

/** A section of a model card. */
export interface CardSection {
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly table?: CardTable;
}

/** The parts of a tested run that its card is made from. */
export interface CardSubject {
  readonly config: {
    readonly model: { readonly name: string };
    readonly training?: { readonly batchSize?: number; readonly accumulateBatches?: number };
    readonly preprocessing?: { readonly size?: unknown; readonly contrast?: unknown };
    readonly seed?: number;
  };
  readonly environment: RunEnvironmentRecord;
  readonly metrics: RunMetrics;
}

/**
 * The model card of a run's exported model (Mitchell et al. 2019): intended use, data, training, results on the test set with
 * intervals, operating points and limits; of the best checkpoint, or of the last epoch without a validation set.
 */
export function modelCard({ config, environment, metrics }: CardSubject): ModelCard {
  const { name } = config.model;
  const report = metrics.selected ?? metrics.last;
  const decision = metrics.decision?.selected ?? metrics.decision?.last;
  const points = decision?.points ?? [];
  return {
    title: `Model card: ${name}, trained on ${environment.data?.name ?? 'unknown data'}`,
    sections: [
      { title: 'Intended use', paragraphs: intendedUse(name, metrics) },
      { title: 'Data', paragraphs: dataText(environment, metrics) },
      { title: 'Training', paragraphs: trainingText(config, { environment, metrics }) },
      {
        title: 'Results on the test set',
        paragraphs: [
          `Values are in percent, with ${100 * report.confidence} % confidence intervals over ${report.bootstrap?.grouped === true ? 'patients' : 'images'}. No test image was used in training.`,
        ],
        table: resultsTable(report),
      },
      points.length > 0
        ? {
            title: 'Operating points',
            paragraphs: [
              'Thresholds were chosen on the validation set and judged on the test set. Predictive values hold at the share of positives of the test set.',
            ],
            table: pointsTable(points),
          }
        : {
            title: 'Operating points',
            paragraphs: ['None: without a validation set no threshold can be chosen.'],
          },
      {
        title: 'Limits',
        paragraphs: [
          ...(environment.data?.cautions ?? []),
          ...points.flatMap(({ chosen: { positive, caution } }) =>
            caution === undefined ? [] : [`${positive.join('+')}: ${caution}`],
          ),
          'The results are for images like those of the test set. Other devices, sites and patients can give worse results: evaluate the model on local images before it is used.',
          'It was trained once; another random seed would change these numbers.',
        ],
      },
    ],
  };
}

function intendedUse(name: string, { classes, task }: RunMetrics): string[] {
  const answers =
    task === 'multilabel'
      ? `gives a probability for each of ${count(classes.length, 'finding')}: ${classes.join(', ')}`
      : `gives a probability for each of ${classes.length} classes, of which an image has one: ${classes.join(', ')}`;
  return [
    `${name} ${answers}.`,
    'It is meant for research, on images of the kind described below. It is not a medical device: no diagnosis or treatment may rest on it alone, and a qualified person must review every result.',
  ];
}

function dataText({ data }: RunEnvironmentRecord, { images, classes }: RunMetrics): string[] {
  const patients = data?.split?.test.groups;
  const counts = data?.split?.train.classCounts;
  return [
    `${data?.name ?? 'Unknown data'}: ${images.train} training, ${images.validation} validation and ${count(images.test, 'test image')}${patients === undefined ? '' : `, the latter in ${count(patients, 'group')} (patients, if they are known)`}.`,
    ...(counts === undefined
      ? []
      : [`Training images: ${classes.map((name, c) => `${name} ${counts[c]}`).join(', ')}.`]),
    ...(data === undefined ? [] : [`Fingerprint of the images: ${data.fingerprint}.`]),
  ];
}

function trainingText(
  { training, preprocessing, seed }: CardSubject['config'],
  { environment, metrics }: Omit<CardSubject, 'config'>,
): string[] {
  const { selectedEpoch, lastEpoch } = metrics;
  const { accumulateBatches = 1 } = training ?? {};
  const weights =
    selectedEpoch === null
      ? `the weights of the last epoch, ${lastEpoch}`
      : `the best checkpoint by the validation set, of epoch ${selectedEpoch} of ${lastEpoch}`;
  const details = [
    `size ${JSON.stringify(preprocessing?.size ?? 'unknown')}`,
    `contrast ${JSON.stringify(preprocessing?.contrast ?? 'unknown')}`,
    `batch size ${training?.batchSize ?? 'unknown'}${accumulateBatches > 1 ? ` (gradients of ${accumulateBatches} batches per step)` : ''}`,
    `seed ${seed ?? environment.seed ?? 'unknown'}`,
  ];
  return [
    `The exported model has ${weights}. Trained ${environment.created?.slice(0, 10) ?? 'at an unknown time'} with ${details.join(', ')}; config.yaml in the folder of the run has every option.`,
  ];
}

function resultsTable(report: TaskReport): CardTable {
  const ofFindings = 'findings' in report;
  const names = ['auc', 'sensitivity', 'specificity'] as const;
  return {
    columns: [ofFindings ? 'finding' : 'class', 'images', 'AUC', 'sensitivity', 'specificity'],
    rows: [
      ...oneVsRest(report).map((one) => [
        one.name,
        `${one.positives} of ${one.samples}`,
        ...names.map((name) => estimateText(one[name])),
      ]),
      [
        'mean',
        String(report.samples),
        ...names.map((name) => estimateText(reportedMetric(report, name))),
      ],
    ],
  };
}
