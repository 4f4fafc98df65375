import { inspect } from 'node:util';
import { CLEAR_LINE } from './clearLine.js';
import { exitCodes } from './exitCodes.js';

/** Errors of these names are the user's to mend; by name, so that a second copy of core counts too. */
const mendable: readonly string[] = ['InputError', 'UnavailableError'];

/**
 * Prints why a command failed to standard error and returns the exit code. `NONLOCAL_MED_DEBUG=1` shows the stack and
 * the causes; an aborted operation is no failure once `interrupted`.
 */
export function reportError(
  error: unknown,
  { interrupted = false }: { readonly interrupted?: boolean } = {},
): number {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  if (name === 'InterruptedError' || (interrupted && name === 'AbortError'))
    return exitCodes.interrupted;
  const debug = process.env.NONLOCAL_MED_DEBUG === '1';
  process.stderr.write(
    `${process.stderr.isTTY ? CLEAR_LINE : ''}${debug ? inspect(error) : `error: ${message}`}\n`,
  );
  if (mendable.includes(name)) return exitCodes.wrongInput;
  if (!debug) process.stderr.write('Set NONLOCAL_MED_DEBUG=1 to see where it happened.\n');
  return exitCodes.failed;
}
