import { shownProbabilities } from '@nonlocal-med/classifier';
import { csvPath, csvText, distinctColumn, type Task } from '@nonlocal-med/core';
import { decisionCells, decisionColumns } from '@nonlocal-med/metrics';
import { type ImageEntry, isWithheld } from './imageEntry.js';

/**
 * The results as CSV, with the columns of `eval predict --csv` that the page knows: name, one probability per class or finding
 * with all digits, what is predicted, each decision with its margin, how unlike the training images an image is, notes and errors. What
 * the page withholds of an image unlike the training images is withheld here, too. A name that a spreadsheet would take for a formula gets `./` in front.
 */
export function resultCsv(
  entries: readonly ImageEntry[],
  { labels, task }: { readonly labels: readonly string[]; readonly task: Task },
): string {
  const results = entries.flatMap(({ outcome }) =>
    outcome !== null && 'result' in outcome ? [outcome.result] : [],
  );
  const decided = results[0]?.decisions ?? [];
  const predictedColumns = task === 'multilabel' ? ['findings'] : ['prediction', 'probability'];
  const header = [
    'id',
    ...labels,
    ...[
      ...predictedColumns,
      ...decisionColumns(decided),
      'distance',
      'unlike',
      'notes',
      'error',
    ].map((name) => distinctColumn(name, labels)),
  ];
  const rows = entries.flatMap((entry): string[][] => {
    const { id, outcome } = entry;
    if (outcome === null) return [];
    const name = csvPath(id);
    if ('error' in outcome) return [[name, ...header.slice(2).map(() => ''), outcome.error]];
    const { result, notes } = outcome;
    const probabilities = shownProbabilities(result);
    const predicted =
      task === 'multilabel'
        ? [result.predicted.join('|')]
        : [result.predicted[0], String(probabilities[labels.indexOf(result.predicted[0])])];
    const cells = [...probabilities.map(String), ...predicted, ...decisionCells(result.decisions)];
    const withheld = isWithheld(entry);
    return [
      [
        name,
        ...(withheld ? cells.map(() => '') : cells),
        String(result.unlike?.distance ?? ''),
        result.unlike?.text ?? '',
        notes.join(' '),
        withheld ? 'no result: unlike the training images' : '',
      ],
    ];
  });
  return csvText([header, ...rows]);
}
