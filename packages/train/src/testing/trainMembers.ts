import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freeAddresses } from '@nonlocal-med/engine';

/** The built package in child processes (test/child/member.mjs). */
const program = fileURLToPath(new URL('../../test/child/member.mjs', import.meta.url));

/** What a scenario gave. */
export interface MemberResult {
  readonly name: string;
  readonly reason?: string;
  readonly step?: number;
  readonly error?: string;
  readonly message?: string;
  readonly losses: readonly number[];
  readonly epochs: readonly unknown[];
  readonly warnings: readonly string[];
  readonly leaked: number;
  /** All weights, running statistics included, after the training: as text that tells every bit, and as numbers. */
  readonly bits: string;
  readonly values: readonly number[];
}

/**
 * Executes scenarios of the program by so many members, or by one process alone.
 * @param env needs a FOLDER for runs
 * @returns the results of each member, by name; none of one that was killed
 */
export async function trainMembers(
  count: number,
  scenarios: readonly string[],
  env: { readonly FOLDER: string } & NodeJS.ProcessEnv,
): Promise<Map<string, MemberResult>[]> {
  const addresses = await freeAddresses(count);
  const outputs = addresses.map(async (_, member) => {
    const parameters = [program, addresses.join(), String(member), ...scenarios];
    const { stdout } = await promisify(execFile)(process.execPath, parameters, {
      env: { ...process.env, ...env },
    }).catch((error: { signal?: string; stdout: string }) => {
      if (error.signal !== 'SIGKILL') throw error;
      return error;
    });
    const results = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as MemberResult);
    return new Map(results.map((result) => [result.name, result]));
  });
  return Promise.all(outputs);
}

/** The largest difference between two lists of numbers; infinite if their lengths differ. */
export const largestDifference = (a: readonly number[], b: readonly number[]): number =>
  a.length === b.length
    ? Math.max(...a.map((value, index) => Math.abs(value - b[index])))
    : Infinity;
