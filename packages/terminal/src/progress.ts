import stringWidth from 'string-width';
import { formatDuration } from './format.js';
import { CLEAR_LINE } from './output.js';

/** Where progress is written: a terminal, a file or a pipe. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Options of {@link createProgress}. */
export interface ProgressOptions {
  readonly label: string;
  readonly total: number;
  /** Default: standard error, so that standard output holds results only. */
  readonly stream?: ProgressStream;
  /** Minimum time between two lines if the output is not a terminal; default 10. */
  readonly secondsBetweenLines?: number;
  /** Units done before this display began (a resumed run); not counted in the rate. Default 0. */
  readonly start?: number;
}

/** The progress of one task. */
export interface Progress {
  /**
   * Sets how much is done, with a short text such as `loss 0.412`.
   * @param secondsLeft remaining time, if the caller knows better than the mean rate
   */
  update(done: number, text?: string, secondsLeft?: number): void;
  /** Removes the bar from its line to make room for other text; the next update redraws it below. */
  clear(): void;
  /** Removes the bar from a terminal; writes a last line elsewhere. */
  stop(): void;
}

/**
 * Shows progress: a bar with the remaining time on a terminal, a plain line from time to time
 * elsewhere (a pipe, a file, `TERM=dumb`). The remaining time follows from the mean rate.
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
    if (done >= total) return '';
    if (secondsLeft !== undefined) return formatDuration(secondsLeft);
    const seconds = (performance.now() - began) / 1000;
    return done <= start ? '' : formatDuration((seconds / (done - start)) * (total - done));
  };
  return stream.isTTY === true && process.env.TERM !== 'dumb'
    ? barProgress({ label, total, stream, start, timeLeft })
    : lineProgress({ label, total, stream, secondsBetweenLines, timeLeft });
}

interface DisplayOptions {
  readonly label: string;
  readonly total: number;
  readonly stream: ProgressStream;
  /** Remaining time as text; empty if unknown or if nothing remains. */
  readonly timeLeft: (done: number, secondsLeft?: number) => string;
}

const MILLISECONDS_BETWEEN_FRAMES = 100;

/** Leaves the cursor and the wrapping of the terminal unchanged, so that a program may end at any moment. */
function barProgress({
  label,
  total,
  stream,
  start,
  timeLeft,
}: DisplayOptions & { readonly start: number }): Progress {
  let nextFrame = 0;
  const clear = (): void => {
    stream.write(CLEAR_LINE);
    nextFrame = 0;
  };
  const draw = (done: number, text: string, secondsLeft?: number): void => {
    const state = { label, done, total, left: timeLeft(done, secondsLeft), text };
    stream.write(`\r${progressLine(state, stream.columns ?? 80)}\u001b[K`);
    nextFrame = performance.now() + MILLISECONDS_BETWEEN_FRAMES;
  };
  draw(start, '');
  return {
    update(done, text = '', secondsLeft) {
      if (done >= total || performance.now() >= nextFrame) draw(done, text, secondsLeft);
    },
    clear,
    stop: clear,
  };
}

function lineProgress({
  label,
  total,
  stream,
  secondsBetweenLines,
  timeLeft,
}: DisplayOptions & { readonly secondsBetweenLines: number }): Progress {
  let last: { done: number; text: string; secondsLeft?: number } = { done: -1, text: '' };
  let written = -1;
  let nextLine = performance.now() + secondsBetweenLines * 1000;
  const write = (): void => {
    const { done, text, secondsLeft } = last;
    written = done;
    const left = timeLeft(done, secondsLeft);
    const parts = [`${label} ${done}/${total}`, text, left === '' ? '' : `${left} left`];
    stream.write(`${parts.filter((part) => part !== '').join(', ')}\n`);
  };
  return {
    update(done, text = '', secondsLeft) {
      last = { done, text, secondsLeft };
      if (performance.now() < nextLine) return;
      nextLine = performance.now() + secondsBetweenLines * 1000;
      write();
    },
    clear: () => undefined,
    stop: () => {
      if (last.done >= 0 && last.done !== written) write();
    },
  };
}

/** Contents of a progress line. */
interface ProgressState {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  /** Remaining time, or empty. */
  readonly left: string;
  /** Such as `loss 0.412`, or empty. */
  readonly text: string;
}

const LONGEST_BAR = 30;
const SHORTEST_BAR = 5;
/** Columns left free at the end: one where a terminal would wrap, two for the `^C` it may echo. */
const FREE_COLUMNS = 3;

/** A line with a bar that does not wrap: the bar is shortened first, then the end of the text. */
export function progressLine(
  { label, done, total, left, text }: ProgressState,
  columns: number,
): string {
  const count = `${done}/${total}`;
  const tail = [count, left === '' ? '' : `${left} left`, text]
    .filter((part) => part !== '')
    .join('  ');
  const room = columns - FREE_COLUMNS - stringWidth(label) - stringWidth(tail) - 2;
  const length = Math.min(LONGEST_BAR, room);
  const filled = Math.round(length * Math.min(1, total > 0 ? done / total : 1));
  const bar = length < SHORTEST_BAR ? '' : ` ${'█'.repeat(filled)}${'░'.repeat(length - filled)}`;
  return truncate(`${label}${bar} ${tail}`, columns - FREE_COLUMNS);
}

function truncate(line: string, columns: number): string {
  let width = 0;
  let kept = '';
  for (const character of line) {
    width += stringWidth(character);
    if (width > columns) break;
    kept += character;
  }
  return kept;
}
