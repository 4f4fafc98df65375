import { shownProbabilities } from '@nonlocal-med/classifier';
import { csvField, type Task } from '@nonlocal-med/core';
import { decisionCells, decisionColumns } from '@nonlocal-med/metrics';
import type { ImageEntry } from './imageEntry.js';

/**
 * The results as CSV, with the columns of `eval predict --csv` that the page knows: name, one probability per class or finding
 * with all digits, what is predicted, each decision with its margin, how unlike the training images an image is, notes and errors. A
 * name that a spreadsheet would take for a formula gets `./` in front.
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
    ].map((name) => distinct(name, labels)),
  ];
  const rows = entries.flatMap(({ id, outcome }): string[][] => {
    if (outcome === null) return [];
    const name = /^[=+@-]/.test(id) ? `./${id}` : id;
    if ('error' in outcome) return [[name, ...header.slice(2).map(() => ''), outcome.error]];
    const { result, notes } = outcome;
    const probabilities = shownProbabilities(result);
    const predicted =
      task === 'multilabel'
        ? [result.predicted.join('|')]
        : [result.predicted[0], String(probabilities[labels.indexOf(result.predicted[0])])];
    return [
      [
        name,
        ...probabilities.map(String),
        ...predicted,
        ...decisionCells(result.decisions),
        String(result.unlike?.distance ?? ''),
        result.unlike?.text ?? '',
        notes.join(' '),
        '',
      ],
    ];
  });
  return `${[header, ...rows].map((row) => row.map(csvField).join(',')).join('\n')}\n`;
}

/** A column's name that is not the name of a class. */
const distinct = (name: string, classes: readonly string[]): string =>
  classes.includes(name) ? distinct(`${name}_`, classes) : name;
