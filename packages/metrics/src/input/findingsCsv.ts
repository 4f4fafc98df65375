import {
  type CsvRecord,
  type FindingPredictions,
  InputError,
  type Issue,
  throwIssues,
} from '@nonlocal-med/core';
import { checkFindingPredictions } from '../findings/findingSamples.js';
import { checkNames, readNumber } from './csvParts.js';

/** What the name of a finding follows in the header of its column of truths. */
const TRUTH = 'truth:';

/**
 * Predictions of several findings as the fields of a CSV, the header first: `id`, one column `truth:FINDING` per finding (1
 * present, 0 absent, empty where it is not known), then its probabilities under the name of the finding.
 * @throws RangeError when the lengths of the arrays do not match
 * @throws InputError when the predictions cannot be used, or a finding has no name
 */
export function findingFields(predictions: FindingPredictions): string[][] {
  checkFindingPredictions(predictions);
  const { findings, ids, labels, probabilities } = predictions;
  checkNames('finding', findings);
  const width = findings.length;
  const rows = ids.map((id, i) => [
    id,
    ...Array.from(labels.subarray(i * width, (i + 1) * width), (label) =>
      label < 0 ? '' : String(label),
    ),
    ...Array.from(probabilities.subarray(i * width, (i + 1) * width), String),
  ]);
  return [['id', ...findings.map((finding) => `${TRUTH}${finding}`), ...findings], ...rows];
}

/** Whether a header is that of predictions of findings, rather than of one of several classes. */
export const hasFindings = (header: CsvRecord | undefined): boolean =>
  header?.fields[1]?.startsWith(TRUTH) === true;

/**
 * Reads the records of the CSV that {@link findingFields} gives.
 * @param path what errors call the text, usually a file name
 * @throws InputError that lists every issue with its line: a wrong header, duplicate ids or findings, a truth other than
 * 1, 0 and nothing, missing or invalid probabilities
 */
export function readFindingRecords(
  [header, ...records]: readonly CsvRecord[],
  path: string,
): FindingPredictions {
  const findings = readHeader(header, path);
  const width = findings.length;
  const issues: Issue[] = [];
  const seen = new Set<string>();
  const labels = new Int32Array(records.length * width);
  const probabilities = new Float64Array(records.length * width);
  records.forEach(({ line, fields }, row) => {
    const report = (message: string, hint?: string): unknown =>
      issues.push({ path: `${path}:${line}`, message, hint });
    const [id, ...cells] = fields;
    if (seen.has(id)) report(`id "${id}" is listed twice`);
    seen.add(id);
    if (cells.length !== 2 * width) {
      report(`${fields.length} fields`, `${1 + 2 * width}, as in the header`);
      return;
    }
    findings.forEach((finding, f) => {
      const truth = cells[f].trim();
      if (!['', '0', '1'].includes(truth))
        report(
          `the truth of "${finding}" is "${truth}"`,
          '1 present, 0 absent, empty if not known',
        );
      labels[row * width + f] = truth === '' ? -1 : Number(truth);
      const probability = readNumber(cells[width + f]);
      if (!(probability >= 0 && probability <= 1))
        report(
          `"${cells[width + f]}" for "${finding}" is not a probability`,
          'a number from 0 to 1',
        );
      probabilities[row * width + f] = probability;
    });
  });
  throwIssues(issues);
  return { findings, ids: records.map(({ fields }) => fields[0]), labels, probabilities };
}

function readHeader(header: CsvRecord | undefined, path: string): string[] {
  const [id, ...columns] = header?.fields ?? [];
  const findings = columns.slice(columns.length / 2);
  const valid =
    id === 'id' &&
    columns.length % 2 === 0 &&
    findings.length > 0 &&
    findings.every((finding, f) => finding !== '' && columns[f] === `${TRUTH}${finding}`) &&
    new Set(findings).size === findings.length;
  if (!valid)
    throw new InputError({
      path: `${path}:1`,
      message: `the header is "${header?.fields.join(',') ?? ''}"`,
      hint: `id, ${TRUTH} and the name for each finding, then the name of each finding in the same order, all different`,
    });
  return findings;
}
