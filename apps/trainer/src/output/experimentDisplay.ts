import type { TrainingEvent } from '@nonlocal-med/core';
import type {
  ExperimentListener,
  ExperimentPlan,
  PlannedRun,
  PreparedExperiment,
} from '@nonlocal-med/experiment';
import {
  createProgressDisplay,
  emitJson,
  formatDuration,
  formatNumber,
} from '@nonlocal-med/terminal';
import { createWorkTally } from './workTally.js';

/** What is shown, and how. */
export interface ExperimentDisplayOptions {
  readonly runs: readonly PlannedRun[];
  readonly sizes: PreparedExperiment['sizes'];
  readonly jobs: number;
  /** What has been said of the data set already. */
  readonly notes: readonly string[];
  /** Events as JSON lines on standard output, in place of text on standard error. */
  readonly json?: true;
}

/** Shows an experiment while it is made: a bar over the training steps of all runs with the time left, lines as runs begin and end. */
export function createExperimentDisplay(
  plan: ExperimentPlan,
  { runs, sizes, jobs, notes: said, json }: ExperimentDisplayOptions,
): { readonly listener: ExperimentListener; readonly end: () => void } {
  if (json !== undefined) return { listener: jsonListener(), end: () => undefined };
  const display = createProgressDisplay();
  const tally = createWorkTally(runs, { sizes, jobs });
  const began = new Map<PlannedRun, number>();
  let ended = 0;
  let text = '';
  let waiting = false;
  const notes = new Set(said);
  const count = (): string => `[${ended}/${runs.length}]`;
  const draw = (): void => display.update(tally.done(), text, tally.secondsLeft());
  display.begin(plan.name, tally.total);
  const say: Record<
    Parameters<NonNullable<ExperimentListener['onRun']>>[1],
    (name: string, run: PlannedRun, message?: string) => string
  > = {
    before: (name) => `${count()} ${name}: finished before`,
    elsewhere: (name) => `${count()} ${name}: finished by another process`,
    started: (name) => `${count()} ${name}: begins`,
    finished: (name, run) =>
      `${count()} ${name}: finished in ${formatDuration((performance.now() - began.get(run)!) / 1000)}`,
    interrupted: (name) => `${count()} ${name}: stopped, a checkpoint is written`,
    failed: (name, _, message) => `${count()} ${name}: FAILED: ${message}`,
  };
  return {
    listener: {
      onNote(line, run) {
        // Every run says the same of the same images.
        if (!notes.has(line)) display.line(run === undefined ? line : `${nameOf(run)}: ${line}`);
        notes.add(line);
      },
      onRun(run, state, message) {
        if (state === 'started') began.set(run, performance.now());
        else if (state !== 'interrupted') ended++;
        if (state === 'finished' || state === 'before' || state === 'elsewhere') tally.end(run);
        if (state === 'started') waiting = false;
        display.line(say[state](nameOf(run), run, message));
        draw();
      },
      onEvent(run, event) {
        tally.take(run, event);
        text = eventText(run, event) ?? text;
        draw();
      },
      onWaiting() {
        if (!waiting)
          display.line('Other processes make the runs that are left; waiting for them.');
        waiting = true;
      },
    },
    end: () => display.end(),
  };
}

/** A run as lines name it: repeats count from 1. */
const nameOf = ({ row, repeat }: PlannedRun): string => `${row.key}, repeat ${repeat + 1}`;

function eventText(run: PlannedRun, event: TrainingEvent): string | undefined {
  return event.type === 'step'
    ? `${run.row.key} ${run.repeat + 1}: epoch ${event.epoch}, loss ${formatNumber(event.loss, 3)}`
    : undefined;
}

function jsonListener(): ExperimentListener {
  const place = (run: PlannedRun): object => ({ row: run.row.key, repeat: run.repeat });
  return {
    onNote: (message, run) =>
      emitJson({ type: 'note', ...(run === undefined ? {} : place(run)), message }),
    onRun: (run, state, message) =>
      emitJson({
        type: 'run',
        ...place(run),
        state,
        ...(message === undefined ? {} : { message }),
      }),
    onEvent: (run, event) => emitJson({ ...place(run), ...event }),
  };
}
