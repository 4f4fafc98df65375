import stringWidth from 'string-width';

/** What a progress line says. */
export interface ProgressState {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  /** Time left, or nothing. */
  readonly left: string;
  /** Such as `loss 0.412`, or nothing. */
  readonly text: string;
}

const LONGEST_BAR = 30;
const SHORTEST_BAR = 5;
/** Columns left free at the end, where a terminal would wrap: one, and two for the `^C` it may echo. */
const FREE = 3;

/** One line that no terminal of so many columns wraps: the bar gives way first, then the end of the text. */
export function progressLine(
  { label, done, total, left, text }: ProgressState,
  columns: number,
): string {
  const count = `${done}/${total}`;
  const tail = [count, left === '' ? '' : `${left} left`, text]
    .filter((part) => part !== '')
    .join('  ');
  const room = columns - FREE - stringWidth(label) - stringWidth(tail) - 2;
  const length = Math.min(LONGEST_BAR, room);
  const filled = Math.round(length * Math.min(1, total > 0 ? done / total : 1));
  const bar = length < SHORTEST_BAR ? '' : ` ${'█'.repeat(filled)}${'░'.repeat(length - filled)}`;
  return cut(`${label}${bar} ${tail}`, columns - FREE);
}

function cut(line: string, columns: number): string {
  let width = 0;
  let kept = '';
  for (const character of line) {
    width += stringWidth(character);
    if (width > columns) break;
    kept += character;
  }
  return kept;
}
