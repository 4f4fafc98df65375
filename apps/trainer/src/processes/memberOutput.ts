import type { ProgressListener, RunCluster, RunOutcome } from '@nonlocal-med/pipeline';
import { createRunDisplay, type RunDisplayOptions } from '../output/runDisplay.js';
import { showOutcome } from '../output/showOutcome.js';

/** What a member prints: member 0, and a process that trains alone, as usual; the others nothing. */
export function memberOutput(
  cluster: RunCluster | undefined,
  options: Pick<RunDisplayOptions, 'json' | 'label'>,
): { readonly display: ProgressListener; readonly show: (outcome: RunOutcome) => Promise<void> } {
  if (cluster !== undefined && cluster.member > 0)
    return { display: {}, show: () => Promise.resolve() };
  return { display: createRunDisplay(options), show: (outcome) => showOutcome(outcome, options) };
}
