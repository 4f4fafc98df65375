import { type TrainingEvent, wrapText } from '@nonlocal-med/core';
import type {
  ExperimentListener,
  ExperimentPlan,
  PlannedRun,
  PreparedExperiment,
} from '@nonlocal-med/experiment';
import { repeatName } from '@nonlocal-med/runs';
import {
  createProgressDisplay,
  emitJson,
  formatDuration,
  formatNumber,
} from '@nonlocal-med/terminal';
import { createWorkProgress } from './workProgress.js';

/** What to show of an experiment, and how. */
export interface ExperimentDisplayOptions {
  readonly runs: readonly PlannedRun[];
  readonly sizes: PreparedExperiment['sizes'];
  readonly jobs: number;
  /** Notes on the data set that were already printed. */
  readonly notes: readonly string[];
  /** Writes events as JSON lines to standard output instead of text to standard error. */
  readonly json?: true;
}

type RunState = Parameters<NonNullable<ExperimentListener['onRun']>>[1];

/**
 * Shows an experiment while it runs: a bar over the training steps of all runs with the remaining
 * time, and a line when a run begins or ends.
 */
export function createExperimentDisplay(
  plan: ExperimentPlan,
  { runs, sizes, jobs, notes, json }: ExperimentDisplayOptions,
): { readonly listener: ExperimentListener; readonly end: () => void } {
  if (json !== undefined) return { listener: jsonListener(), end: () => undefined };
  const display = createProgressDisplay();
  const progress = createWorkProgress(runs, { sizes, jobs });
  /** The name of a run in lines of text, where repeats are counted from 1. */
  const nameOf = ({ row, repeat }: PlannedRun): string =>
    `${row.key}, ${repeatName(plan.repeats, repeat)}`;
  const startTimes = new Map<PlannedRun, number>();
  // Every run reports the same notes on the same images, with the numbers of its own split.
  const withoutNumbers = (note: string): string => note.replace(/\d+/g, '#');
  const printedNotes = new Set(notes.map(withoutNumbers));
  let ended = 0;
  let text = '';
  let isWaiting = false;
  const draw = (): void => display.update(progress.done(), text, progress.secondsLeft());
  display.begin(plan.name, progress.total);

  const stateText = (run: PlannedRun, state: RunState, message?: string): string => {
    switch (state) {
      case 'before':
        return 'already finished';
      case 'elsewhere':
        return 'finished by another process';
      case 'started':
        return 'started';
      case 'finished':
        return `finished in ${formatDuration((performance.now() - startTimes.get(run)!) / 1000)}`;
      case 'interrupted':
        return 'stopped, a checkpoint is saved';
      case 'failed':
        return `FAILED: ${message}`;
    }
  };

  return {
    listener: {
      onNote(line, run) {
        if (printedNotes.has(withoutNumbers(line))) return;
        display.line(wrapText(run === undefined ? line : `${nameOf(run)}: ${line}`));
        printedNotes.add(withoutNumbers(line));
      },
      onRun(run, state, message) {
        if (state === 'started') {
          startTimes.set(run, performance.now());
          isWaiting = false;
        } else if (state !== 'interrupted') ended++;
        if (state === 'finished' || state === 'before' || state === 'elsewhere')
          progress.finish(run);
        const position = `[${ended}/${runs.length}]`;
        display.line(`${position} ${nameOf(run)}: ${stateText(run, state, message)}`);
        draw();
      },
      onEvent(run, event) {
        progress.add(run, event);
        if (event.type === 'step') text = stepText(run, event);
        draw();
      },
      onWaiting() {
        if (!isWaiting)
          display.line('Waiting for other processes, which train the remaining runs.');
        isWaiting = true;
      },
    },
    end: () => display.end(),
  };
}

function stepText(
  { row, repeat }: PlannedRun,
  { epoch, loss }: Extract<TrainingEvent, { type: 'step' }>,
): string {
  return `${row.key} ${repeat + 1}: epoch ${epoch}, loss ${formatNumber(loss, 3)}`;
}

function jsonListener(): ExperimentListener {
  const cellOf = (run: PlannedRun): object => ({ row: run.row.key, repeat: run.repeat });
  return {
    onNote: (message, run) =>
      emitJson({ type: 'note', ...(run === undefined ? {} : cellOf(run)), message }),
    onRun: (run, state, message) => emitJson({ type: 'run', ...cellOf(run), state, message }),
    onEvent: (run, event) => emitJson({ ...cellOf(run), ...event }),
  };
}
