import { createProgress, type Progress, type ProgressStream } from './progress.js';

/** The progress of a program with several tasks: one bar at a time, and lines of text above it. */
export interface ProgressDisplay {
  /** Ends the current task and begins another, of which `start` units are already done. */
  readonly begin: (label: string, total: number, start?: number) => void;
  readonly update: (done: number, text?: string, secondsLeft?: number) => void;
  readonly end: () => void;
  /** Begins, updates and ends a task in one call, for callbacks that receive only these three values. */
  readonly stage: (label: string, done: number, total: number) => void;
  /** Writes a line of text above the bar. */
  readonly line: (text: string) => void;
}

/**
 * Creates a display of successive tasks on standard error.
 * @param prefix precedes every label, e.g. the name of a model
 */
export function createProgressDisplay({
  prefix = '',
  stream = process.stderr,
}: { readonly prefix?: string; readonly stream?: ProgressStream } = {}): ProgressDisplay {
  let current: { readonly label: string; readonly progress: Progress } | undefined;
  const end = (): void => {
    current?.progress.stop();
    current = undefined;
  };
  const begin = (label: string, total: number, start = 0): void => {
    end();
    const progress = createProgress({ label: `${prefix}${label}`, total, start, stream });
    current = { label, progress };
  };
  const update = (done: number, text?: string, secondsLeft?: number): void =>
    current?.progress.update(done, text, secondsLeft);
  return {
    begin,
    update,
    end,
    stage(label, done, total) {
      if (current?.label !== label) begin(label, total);
      update(done);
      if (done >= total) end();
    },
    line(text) {
      current?.progress.clear();
      stream.write(`${text}\n`);
    },
  };
}
