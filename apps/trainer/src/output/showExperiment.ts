import type { ExperimentOutcome } from '@nonlocal-med/experiment';
import { emitJson } from '@nonlocal-med/terminal';
import { writePage } from './writePage.js';

/** Prints how an experiment's session ended: its table, or what is missing and how to go on. */
export async function showExperiment({ reason, failures }: ExperimentOutcome, { folder, json }: { readonly folder: string; readonly json?: true }): Promise<void> {
  const page = { experiment: folder };
  if (json !== undefined) {
    if (reason === 'finished') await writePage(page, { json });
    return emitJson({ type: 'result', reason, folder, failures: failures.map(({ run, failure }) => ({ row: run.row.key, repeat: run.repeat, ...failure })) });
  }
  if (reason === 'interrupted') process.stderr.write('Interrupted; checkpoints are written. The same command goes on.\n');
  if (failures.length > 0) process.stderr.write(`${failures.length} ${failures.length === 1 ? 'run' : 'runs'} failed; the same command tries ${failures.length === 1 ? 'it' : 'them'} again:\n${failures.map(({ run, failure }) => `  ${run.folder}: ${failure.message}`).join('\n')}\n`);
  process.stdout.write(`Experiment: ${folder}\n`);
  if (reason === 'finished') await writePage(page, {});
}
