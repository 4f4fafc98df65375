import type {
  ExperimentSummary,
  MetricComparison,
  RowSummary,
} from '../summary/experimentSummary.js';
import { pValueText } from '../tables/pValueText.js';
import { percentText } from './part/percentText.js';
import { signedPoints } from './part/signedPoints.js';

/** Comparisons that are told one by one; more are counted. */
const LISTED = 3;

/**
 * The result in plain sentences: for each model against its baseline the difference in AUC with its interval, and whether
 * it is more than noise, whichever way it goes; then what the numbers do not say.
 */
export function headlineSentences(summary: ExperimentSummary): string[] {
  const compared = summary.rows.flatMap((row) =>
    row.comparison === null || row.comparison.repeats.length === 0
      ? []
      : [
          {
            row,
            auc: row.comparison.metrics.auc,
            baseline: titleOf(summary, row.comparison.baseline),
          },
        ],
  );
  if (compared.length === 0)
    return summary.rows
      .filter(({ finished }) => finished > 0)
      .map((row) => describeRow(row, summary));
  const sentences =
    compared.length > LISTED && !isOneTraining(compared.map(({ auc }) => auc))
      ? countVerdicts(compared)
      : compared.map(({ row, auc, baseline }) => describeDifference(row.title, baseline, auc));
  return [
    ...sentences,
    limits(
      summary,
      compared.map(({ auc }) => auc),
    ),
  ];
}

const titleOf = ({ rows }: ExperimentSummary, key: string): string =>
  rows.find((row) => row.key === key)?.title ?? key;

function describeRow(
  { title, metrics: { auc }, finished }: RowSummary,
  { confidence }: ExperimentSummary,
): string {
  if (auc.mean === null)
    return `${title}: the AUC is not defined (${auc.undefinedBecause.find((reason) => reason !== null) ?? 'no value'}).`;
  const interval =
    auc.interval === null
      ? ''
      : ` (${confidence * 100} % interval ${percentText(auc.interval.lower)} to ${percentText(auc.interval.upper)})`;
  return `${title} reaches an AUC of ${percentText(auc.mean)} %${interval}${finished > 1 ? `, the mean of ${finished} repeats` : ''}.`;
}

function describeDifference(title: string, baseline: string, auc: MetricComparison): string {
  const repeats = auc.differences.filter((difference) => difference !== null).length;
  if (auc.mean === null)
    return `The AUCs of ${title} and ${baseline} cannot be compared: ${auc.overRepeats.undefinedBecause ?? 'they are not defined'}.`;
  const test =
    repeats === 1
      ? (auc.onImages ?? auc.perRepeat.find((one) => one !== null) ?? null)
      : auc.overRepeats;
  const interval =
    test === null || test.lower === null || test.upper === null
      ? ''
      : ` (95 % interval of the difference ${signedPoints(test.lower)} to ${signedPoints(test.upper)})`;
  const size =
    auc.mean === 0
      ? 'equal to'
      : `${percentText(Math.abs(auc.mean))} points ${auc.mean < 0 ? 'below' : 'above'}`;
  const difference = `${repeats === 1 ? 'The AUC' : `Over ${repeats} repeats the mean AUC`} of ${title} is ${size} that of ${baseline}${interval}`;
  if (repeats === 1) return `${difference}. ${oneTraining(test?.adjusted ?? test?.pValue ?? null)}`;
  return `${difference}. ${verdictText(auc)}`;
}

/** Which of many models differ from their baselines by more than noise, and which do not. */
function countVerdicts(compared: readonly { row: RowSummary; auc: MetricComparison }[]): string[] {
  const groups = [
    [
      'more than noise',
      [
        'differs in AUC from its baseline by more than noise',
        'differ in AUC from their baselines by more than noise',
      ],
    ],
    ['no more than noise', ['by no more than noise', 'by no more than noise']],
    ['too few repeats', ['has too few repeats to say', 'have too few repeats to say']],
    ['undefined', ['cannot be compared', 'cannot be compared']],
  ] as const;
  const told = groups.flatMap(([verdict, text]) => {
    const rows = compared.filter(({ auc }) => auc.verdict === verdict);
    return rows.length === 0
      ? []
      : [
          `${rows.length} ${rows.length === 1 ? text[0] : text[1]}: ${rows.map(({ row, auc }) => `${row.title} (${signedPoints(auc.mean)})`).join(', ')}`,
        ];
  });
  return [`Of ${compared.length} models, ${told.join('; ')} (points of AUC).`];
}

function oneTraining(pValue: number | null): string {
  if (pValue === null) return 'No test can say whether that is more than chance.';
  const text = `DeLong's test, p ${pValue < 0.001 ? '' : '= '}${pValueText(pValue)}`;
  return pValue < 0.05
    ? `That is more than the choice of test images explains (${text}).`
    : `That is no more than the choice of test images explains (${text}).`;
}

function verdictText({ verdict, because }: MetricComparison): string {
  if (verdict === 'more than noise' || verdict === 'no more than noise')
    return `That is ${verdict} (${because}).`;
  return `Whether that is more than noise cannot be said: ${because}.`;
}

function limits({ repeats }: ExperimentSummary, compared: readonly MetricComparison[]): string {
  if (isOneTraining(compared))
    return 'This is one training of each model: another seed moves the numbers too, and only repeats show by how much.';
  const several =
    compared.length > 1
      ? ` P-values are corrected for the ${compared.length} comparisons (Holm).`
      : '';
  return `${repeats.kind === 'seeds' ? 'All repeats share one split: another choice of test images may give another result.' : 'The test over repeats allows for the images that splits share.'}${several} It speaks of this data set and these settings, not of others.`;
}

const isOneTraining = (compared: readonly MetricComparison[]): boolean =>
  compared.every(
    ({ differences }) => differences.filter((difference) => difference !== null).length === 1,
  );
