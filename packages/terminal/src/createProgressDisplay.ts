import { createProgress, type Progress, type ProgressStream } from './createProgress.js';

/** Shows what a program does one thing after the other: one bar at a time, and lines above it. */
export interface ProgressDisplay {
  /** Ends what is shown and begins something else; `start` units of it are done already. */
  readonly begin: (label: string, total: number, start?: number) => void;
  readonly update: (done: number, text?: string, secondsLeft?: number) => void;
  readonly end: () => void;
  /** Begins, updates and ends by itself: for work that only tells how much of what is done. */
  readonly stage: (label: string, done: number, total: number) => void;
  /** Writes a line of text above the bar. */
  readonly line: (text: string) => void;
}

/**
 * A display on standard error.
 * @param prefix stands before every label, such as the name of a model.
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
    current = {
      label,
      progress: createProgress({ label: `${prefix}${label}`, total, start, stream }),
    };
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
