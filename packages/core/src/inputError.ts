/** One fault in what a user gave: where it stands, what is wrong, and what would be right. */
export interface Fault {
  /** Path of the option, file or field at fault, e.g. `data.size` or `labels.csv:12`. */
  readonly where: string;
  /** What is wrong, in one sentence that carries the value. */
  readonly what: string;
  /** What is allowed, or what to do. */
  readonly allowed?: string;
}

/** Faults beyond this many are counted, not printed; all are kept in {@link InputError.faults}. */
const PRINTED_FAULTS = 20;

/**
 * What a user gave cannot be used. Programs print {@link Error.message} without a stack and end with exit code 2.
 * All faults of one input are reported together.
 */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly faults: readonly Fault[];

  constructor(faults: Fault | readonly Fault[], options?: ErrorOptions) {
    const all: readonly Fault[] = 'where' in faults ? [faults] : faults;
    super(describeFaults(all), options);
    this.faults = all;
  }
}

function describeFaults(faults: readonly Fault[]): string {
  const lines = faults
    .slice(0, PRINTED_FAULTS)
    .map(
      (fault) =>
        `${fault.where}: ${fault.what}${fault.allowed === undefined ? '' : ` (${fault.allowed})`}`,
    );
  if (faults.length > PRINTED_FAULTS) lines.push(`... and ${faults.length - PRINTED_FAULTS} more`);
  return faults.length === 1 ? lines[0] : `${faults.length} faults:\n  ${lines.join('\n  ')}`;
}

/** Throws one {@link InputError} for all faults; returns when there are none. */
export function throwFaults(faults: readonly Fault[]): void {
  if (faults.length > 0) throw new InputError(faults);
}
