import { dirname, join, relative } from 'node:path';
import { commandLine } from '@nonlocal-med/core';
import { experimentFiles, runFiles } from '@nonlocal-med/runs';
import type { PageSubject } from './openSubject.js';
import type { PageRun } from './pageModel.js';

/** Commands that train and evaluate again, and that make this page. */
export function reproductionCommands(subject: PageSubject): string {
  const { isExperiment, displayPath } = subject;
  const trained = trainedRuns(subject);
  const [first] = trained;
  if (first === undefined) return ['# This page', reportCommand(subject)].join('\n');
  const runs = isExperiment ? [first] : trained;
  const training = runs.map((run) => {
    const config = `${run.displayPath}/${runFiles.config}`;
    const out = `${run.displayPath}-again`;
    return commandLine('trainer', 'train', '--config', config, '--out', out);
  });
  const definition = `${displayPath}/${experimentFiles.definition}`;
  const experiment = [
    '# The whole experiment',
    commandLine('trainer', 'experiment', definition, '--out', `${displayPath}-again`),
    '# One of its runs',
  ];
  return [
    ...(isExperiment ? experiment : []),
    ...training,
    '# Compute the metrics of a run from its weights and compare them with the recorded ones',
    commandLine('eval', 'evaluate', first.displayPath),
    '# This page',
    reportCommand(subject),
  ].join('\n');
}

/** Commands that explain the first run of each model, and that make this page again, then with a gallery. */
export function explanationCommands(subject: PageSubject): string {
  const explain = trainedRuns(subject).map((run) =>
    commandLine('eval', 'explain', run.displayPath, '--images', '200'),
  );
  return [...explain, reportCommand(subject)].join('\n');
}

/** The first run of each model; predictions made elsewhere cannot be trained or explained again. */
const trainedRuns = ({ models }: PageSubject): PageRun[] =>
  models.flatMap(({ runs: [run] }) => (run.system === undefined ? [run] : []));

function reportCommand({ models, isExperiment, displayPath, record }: PageSubject): string {
  const isStored = (key: string): boolean =>
    record.manifest.rows.some((row) => row.key === key && row.predictions !== undefined);
  const shown = models.filter(
    ({ key, runs: [run] }) => !isExperiment || (run.system?.kind === 'file' && !isStored(key)),
  );
  const rows = [
    ...(isExperiment ? [displayPath] : []),
    ...shown.map(({ title, runs: [run] }) =>
      run.system === undefined ? run.displayPath : `${title}=${filesOf(run)}`,
    ),
  ];
  return commandLine('eval', 'report', ...rows);
}

/** The files of predictions made elsewhere, as commands on the page name them. */
function filesOf({ displayPath, system }: PageRun): string {
  const [first] = system!.sources;
  return system!.sources
    .map(({ path }) => join(dirname(displayPath), relative(dirname(first.path), path)))
    .join(',');
}
