/** The results of `predict` with a model of several findings: cells of CSV, entries of JSON, and text. */
import { FINDING_THRESHOLD } from '@nonlocal-med/classifier';
import { count } from '@nonlocal-med/core';
import { formatTable } from '@nonlocal-med/terminal';

/** An image with the probabilities of findings, and what is known of them. */
export interface FindingImage {
  readonly id: string;
  /** 1 present, 0 absent, -1 not known, for each finding. */
  readonly truth: readonly number[];
  readonly probabilities: readonly number[];
}

/** Columns of the CSV: the truth and the probability of each finding, as in the predictions of a run. */
export const findingColumns = (findings: readonly string[]): string[] => [
  ...findings.map((finding) => `truth:${finding}`),
  ...findings,
];

/** The cells of {@link findingColumns}; the truth is empty where it is not known. */
export const findingCells = (
  truth: readonly number[],
  probabilities: readonly number[] | null,
): string[] => [
  ...truth.map((label) => (label < 0 ? '' : String(label))),
  ...(probabilities?.map(String) ?? truth.map(() => '')),
];

/** The findings with a probability of at least 0.5, the most probable one first. */
export function predictedFindings(
  findings: readonly string[],
  probabilities: readonly number[],
): string[] {
  return byProbability(probabilities)
    .filter((finding) => probabilities[finding] >= FINDING_THRESHOLD)
    .map((finding) => findings[finding]);
}

/** What JSON says of an image: the truth of each finding (null: not known), those predicted, and all probabilities. */
export function findingJson(
  findings: readonly string[],
  { truth, probabilities }: Omit<FindingImage, 'id'>,
): Record<string, unknown> {
  const known = truth.some((label) => label >= 0);
  const byName = <T>(valueOf: (finding: number) => T): Record<string, T> =>
    Object.fromEntries(findings.map((name, finding) => [name, valueOf(finding)]));
  return {
    truth: known ? byName((finding) => (truth[finding] < 0 ? null : truth[finding] === 1)) : null,
    findings: predictedFindings(findings, probabilities),
    probabilities: byName((finding) => probabilities[finding]),
  };
}

const WIDTH = 80;

/** Each image with its findings, the most probable first, in as many columns as fit 80 characters. */
export function findingList(findings: readonly string[], images: readonly FindingImage[]): string {
  const nameWidth = Math.max(...findings.map((name) => name.length));
  const cellWidth = nameWidth + '  * '.length + ' 0.0000'.length;
  const perLine = Math.max(1, Math.floor(WIDTH / cellWidth));
  const blocks = images.map(({ id, truth, probabilities }) => {
    const cells = byProbability(probabilities).map((finding) => {
      const mark = probabilities[finding] >= FINDING_THRESHOLD ? '*' : ' ';
      return `  ${mark} ${findings[finding].padEnd(nameWidth)} ${probabilities[finding].toFixed(4)}`;
    });
    const lines = Array.from({ length: Math.ceil(cells.length / perLine) }, (_, line) =>
      cells.slice(line * perLine, (line + 1) * perLine).join(''),
    );
    return [`${id}${truthText(findings, truth)}`, ...lines].join('\n');
  });
  return `${blocks.join('\n')}\n\n* probability of at least ${FINDING_THRESHOLD}`;
}

/** `; true: Edema, Mass; not known: Hernia`, or nothing where nothing is known. */
function truthText(findings: readonly string[], truth: readonly number[]): string {
  const named = (label: number): string =>
    findings.filter((_, finding) => truth[finding] === label).join(', ');
  if (truth.every((label) => label < 0)) return '';
  const [present, unknown] = [named(1), named(-1)];
  return `; true: ${present === '' ? 'none' : present}${unknown === '' ? '' : `; not known: ${unknown}`}`;
}

/** How many images have each finding by its probability, and its median probability. */
export function findingTable(findings: readonly string[], images: readonly FindingImage[]): string {
  const right = { align: 'right' } as const;
  const rows = findings.map((name, finding) => {
    const values = images.map(({ probabilities }) => probabilities[finding]).sort((a, b) => a - b);
    const predicted = values.filter((value) => value >= FINDING_THRESHOLD).length;
    const middle =
      (values[Math.floor((values.length - 1) / 2)] + values[Math.floor(values.length / 2)]) / 2;
    const share = `${((100 * predicted) / values.length).toFixed(1)} %`;
    return [name, String(predicted), share, middle.toFixed(4)];
  });
  return `${count(images.length, 'image')}; --csv FILE or --json FILE writes each of them\n\n${formatTable(
    [
      { title: 'finding' },
      { title: 'images', ...right },
      { title: 'share', ...right },
      { title: 'median probability', ...right },
    ],
    rows,
  )}\n\nimages: those with a probability of at least ${FINDING_THRESHOLD}`;
}

/** Indices of findings, the most probable first; the order of the findings where they are equal. */
const byProbability = (probabilities: readonly number[]): number[] =>
  [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a] || a - b);
