import { quoteForShell } from '@nonlocal-med/core';
import { experimentFiles, runFiles } from '@nonlocal-med/runs';
import type { PageSubject } from './openSubject.js';

/** Commands that train and evaluate again, and that make this page. */
export function reproductionCommands(subject: PageSubject): string {
  const { models, isExperiment, displayPath } = subject;
  const [first] = models[0].runs;
  const runs = isExperiment ? [first] : models.map(({ runs: [run] }) => run);
  const training = runs.map((run) => {
    const config = quoteForShell(`${run.displayPath}/${runFiles.config}`);
    const out = quoteForShell(`${run.displayPath}-again`);
    return `pnpm --filter trainer start train --config ${config} --out ${out}`;
  });
  const definition = quoteForShell(`${displayPath}/${experimentFiles.definition}`);
  const experiment = [
    '# The whole experiment',
    `pnpm --filter trainer start experiment ${definition} --out ${quoteForShell(`${displayPath}-again`)}`,
    '# One of its runs',
  ];
  return [
    ...(isExperiment ? experiment : []),
    ...training,
    '# Compute the metrics of a run from its weights and compare them with the recorded ones',
    `pnpm --filter eval start evaluate ${quoteForShell(first.displayPath)}`,
    '# This page',
    reportCommand(subject),
  ].join('\n');
}

/** Commands that explain the first run of each model, and that make this page again, then with a gallery. */
export function explanationCommands(subject: PageSubject): string {
  const explain = subject.models.map(
    ({ runs: [run] }) =>
      `pnpm --filter eval start explain ${quoteForShell(run.displayPath)} --images 200`,
  );
  return [...explain, reportCommand(subject)].join('\n');
}

function reportCommand({ models, isExperiment, displayPath }: PageSubject): string {
  const folders = isExperiment ? [displayPath] : models.map(({ runs: [run] }) => run.displayPath);
  return `pnpm --filter eval start report ${folders.map(quoteForShell).join(' ')}`;
}
