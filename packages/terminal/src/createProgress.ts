import { CLEAR_LINE } from './clearLine.js';
import { formatDuration } from './formatDuration.js';
import { progressLine } from './progressLine.js';

/** What a progress display writes to: a terminal, or a file or pipe. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** How a {@link Progress} looks. */
export interface ProgressOptions {
  readonly label: string;
  readonly total: number;
  /** Default: standard error, so that standard output holds results only. */
  readonly stream?: ProgressStream;
  /** Where a piped display may write a line at most once in so many seconds. */
  readonly secondsBetweenLines?: number;
  /** Units done before this display began (a resumed run); they do not count for the rate. */
  readonly start?: number;
}

/** A display of work that goes on. */
export interface Progress {
  /**
   * Sets how much is done, and a short text such as `loss 0.412`.
   * @param secondsLeft time left, where the caller knows better than the mean rate
   */
  update(done: number, text?: string, secondsLeft?: number): void;
  /** Takes a bar off its line so that other text can stand there; it is drawn again below at the next update. */
  clear(): void;
  /** Takes a bar off the terminal, or writes a last line. */
  stop(): void;
}

/**
 * A bar with the time left on a terminal, a plain line now and then elsewhere (a pipe, a file, `TERM=dumb`). The time left follows the mean rate of the
 * work shown here.
 */
export function createProgress({
  label,
  total,
  stream = process.stderr,
  secondsBetweenLines = 10,
  start = 0,
}: ProgressOptions): Progress {
  const began = performance.now();
  const timeLeft = (done: number, secondsLeft?: number): string => {
    if (secondsLeft !== undefined) return formatDuration(secondsLeft);
    const seconds = (performance.now() - began) / 1000;
    return done <= start ? '' : formatDuration((seconds / (done - start)) * (total - done));
  };
  return stream.isTTY === true && process.env.TERM !== 'dumb'
    ? barProgress({ label, total, stream, start }, timeLeft)
    : lineProgress({ label, total, stream, secondsBetweenLines }, timeLeft);
}

type TimeLeft = (done: number, secondsLeft?: number) => string;

/** A bar is drawn at most once in so many milliseconds, and at the end. */
const REDRAW = 100;

/** Leaves the terminal's cursor and wrapping as they are, so that a program may end at any moment. */
function barProgress(
  { label, total, stream, start }: Required<Omit<ProgressOptions, 'secondsBetweenLines'>>,
  timeLeft: TimeLeft,
): Progress {
  let next = 0;
  const clear = (): void => {
    stream.write(CLEAR_LINE);
    next = 0;
  };
  const draw = (done: number, text: string, secondsLeft?: number): void => {
    const left = done < total ? timeLeft(done, secondsLeft) : '';
    stream.write(
      `\r${progressLine({ label, done, total, left, text }, stream.columns ?? 80)}\u001b[K`,
    );
    next = performance.now() + REDRAW;
  };
  draw(start, '');
  return {
    update(done, text = '', secondsLeft) {
      if (done >= total || performance.now() >= next) draw(done, text, secondsLeft);
    },
    clear,
    stop: clear,
  };
}

function lineProgress(
  { label, total, stream, secondsBetweenLines }: Required<Omit<ProgressOptions, 'start'>>,
  timeLeft: TimeLeft,
): Progress {
  let last: { done: number; text: string; secondsLeft?: number } = { done: -1, text: '' };
  let written = -1;
  let next = performance.now() + secondsBetweenLines * 1000;
  const write = (): void => {
    const { done, text, secondsLeft } = last;
    written = done;
    const left = done < total ? timeLeft(done, secondsLeft) : '';
    stream.write(
      [`${label} ${done}/${total}`, text, left === '' ? '' : `${left} left`]
        .filter((part) => part !== '')
        .join(', ') + '\n',
    );
  };
  return {
    update(done, text = '', secondsLeft) {
      last = { done, text, secondsLeft };
      if (performance.now() < next) return;
      next = performance.now() + secondsBetweenLines * 1000;
      write();
    },
    clear: () => undefined,
    stop: () => {
      if (last.done >= 0 && last.done !== written) write();
    },
  };
}
