/** One problem with the user's input: where it is, what is wrong, and what would be right. */
export interface Issue {
  /** Path of the option, file or field, e.g. `data.size` or `labels.csv:12`. */
  readonly path: string;
  /** What is wrong, in one sentence that includes the value. */
  readonly message: string;
  /** What is allowed, or what to do. */
  readonly hint?: string;
}

/** Options of {@link InputError}. */
interface InputErrorOptions extends ErrorOptions {
  readonly record?: string;
}

/** Further issues are counted, not printed; all are kept in {@link InputError.issues}. */
const PRINTED_ISSUES = 20;

/**
 * The user's input cannot be used. Programs print {@link Error.message} without a stack trace and exit with code 2. All
 * issues of one input are reported together.
 */
export class InputError extends Error {
  override readonly name = 'InputError';

  /** Those of a second copy of this package count, too: a program may bundle one. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'InputError';
  }

  readonly issues: readonly Issue[];
  /** What to write to disk in place of the message, because that names files which may identify patients. */
  readonly record?: string;

  constructor(issues: Issue | readonly Issue[], options?: InputErrorOptions) {
    const all: readonly Issue[] = 'path' in issues ? [issues] : issues;
    super(describeIssues(all), options);
    this.issues = all;
    this.record = options?.record;
  }
}

function describeIssues(issues: readonly Issue[]): string {
  const lines = issues
    .slice(0, PRINTED_ISSUES)
    .map(
      ({ path, message, hint }) => `${path}: ${message}${hint === undefined ? '' : ` (${hint})`}`,
    );
  if (issues.length > PRINTED_ISSUES) lines.push(`... and ${issues.length - PRINTED_ISSUES} more`);
  return issues.length === 1 ? lines[0] : `${issues.length} problems:\n  ${lines.join('\n  ')}`;
}

/**
 * Throws one {@link InputError} for all issues; returns if there are none.
 * @throws InputError if `issues` is not empty
 */
export function throwIssues(issues: readonly Issue[], options?: InputErrorOptions): void {
  if (issues.length > 0) throw new InputError(issues, options);
}

/**
 * Something the program needs from its environment is missing: a library, a compiler, the network, disk space. The
 * message says what, why, and which command or change helps.
 */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';

  /** Those of a second copy of this package count, too: a program may bundle one. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'UnavailableError';
  }
}
