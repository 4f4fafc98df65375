import type { RowEstimate } from '@nonlocal-med/experiment';
import { formatBytes, formatDuration, formatTable } from '@nonlocal-med/terminal';

/** What an experiment will cost, a row a line, and in all. */
export function estimateText(estimates: readonly RowEstimate[], jobs: number): string {
  if (estimates.length === 0) return 'No run is left to be made.';
  const seconds = estimates.reduce((sum, { secondsPerRun, runs }) => sum + secondsPerRun * runs, 0);
  const runs = estimates.reduce((sum, row) => sum + row.runs, 0);
  const memory = Math.max(...estimates.map(({ residentBytes }) => residentBytes));
  const right = { align: 'right' as const };
  const columns = [
    { title: 'row' },
    { title: 'a step', ...right },
    { title: 'a run', ...right },
    { title: 'runs left', ...right },
    { title: 'together', ...right },
    { title: 'memory', ...right },
  ];
  const rows = estimates.map(
    ({ row, secondsPerStep, secondsPerRun, runs: left, residentBytes }) => [
      row.key,
      formatDuration(secondsPerStep),
      formatDuration(secondsPerRun),
      String(left),
      formatDuration(left * secondsPerRun),
      formatBytes(residentBytes),
    ],
  );
  return [
    formatTable(columns, rows),
    '',
    `${runs} runs, about ${formatDuration(seconds)} one after the other, ${formatBytes(memory)} of memory${jobs > 1 ? `; ${jobs} at a time up to ${formatBytes(jobs * memory)}` : ''}.`,
    `Measured on ${estimates[0].engine} on this machine as it is now, a few steps on random images; a run that others share the machine with takes longer.`,
  ].join('\n');
}
