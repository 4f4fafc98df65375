import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { InputError, UnavailableError } from '@nonlocal-med/core';
import { freeAddresses } from '@nonlocal-med/engine';
import { exitCodes } from '@nonlocal-med/terminal';
import { LAUNCHED, type MemberReport } from './memberProcess.js';

/** Seconds that the others have to notice the loss of a member and to write a checkpoint. */
const GRACE_SECONDS = 30;
/** Characters of standard error that are kept of a member. */
const KEPT_CHARACTERS = 4000;

/** How a member ended. */
interface MemberExit {
  readonly member: number;
  readonly code: number | null;
  readonly killedBy: NodeJS.Signals | null;
  readonly report?: MemberReport;
  readonly errors: string;
  /** Ended by this process, because another one had failed. */
  readonly cleared: boolean;
}

/**
 * Starts a command as several members on this machine and waits for all of them. Member 0 has the terminal; the others print
 * nothing. A signal stops all of them after the same step.
 * @param words program and arguments of a member without its addresses
 * @returns whether they were interrupted
 * @throws InputError, UnavailableError or Error with the first cause, if a member fails; all have ended then.
 */
export async function launchMembers(
  words: readonly string[],
  { count, signal }: { readonly count: number; readonly signal: AbortSignal },
): Promise<'done' | 'interrupted'> {
  const addresses = await freeAddresses(count);
  const [program, ...parameters] = words;
  const exits: MemberExit[] = [];
  let cleared = false;
  let timer: NodeJS.Timeout | undefined;
  const children = addresses.map((_, member) =>
    spawn(program, [...parameters, '--members', addresses.join(), '--member', String(member)], {
      stdio: ['ignore', ...(member === 0 ? ['inherit', 'inherit'] : ['ignore', 'pipe']), 'ipc'] as [
        'ignore',
        'inherit' | 'ignore',
        'inherit' | 'pipe',
        'ipc',
      ],
      // Ctrl-C of the terminal reaches this process alone, which tells the members.
      detached: true,
      env: { ...process.env, [LAUNCHED]: '1' },
    }),
  );
  const stop = (): void =>
    children.forEach((child) => child.connected && child.send('stop', () => undefined));
  const clear = (): void => {
    cleared = true;
    children.forEach((child) => child.exitCode ?? child.signalCode ?? child.kill('SIGKILL'));
  };
  const onEnd = (exit: MemberExit): void => {
    exits.push(exit);
    if (!failed(exit) || cleared) return;
    // Member 0 writes the checkpoint; once it has ended, the others have nothing left to do.
    if (exit.member === 0) clear();
    else timer ??= setTimeout(clear, GRACE_SECONDS * 1000);
  };
  process.once('exit', clear);
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  await Promise.all(
    children.map(async (child, member) => onEnd(await ended(child, member, () => cleared))),
  );
  clearTimeout(timer);
  process.removeListener('exit', clear);
  signal.removeEventListener('abort', stop);
  const cause = firstCause(exits);
  if (cause !== undefined) throw cause;
  return exits.some(({ code }) => code === exitCodes.interrupted) ? 'interrupted' : 'done';
}

const failed = ({ code }: Pick<MemberExit, 'code'>): boolean =>
  code !== exitCodes.done && code !== exitCodes.interrupted;

async function ended(
  child: ChildProcess,
  member: number,
  isCleared: () => boolean,
): Promise<MemberExit> {
  let report: MemberReport | undefined;
  let errors = '';
  child.on('message', (message) => (report = message as MemberReport));
  child.stderr
    ?.setEncoding('utf8')
    .on('data', (text: string) => (errors = (errors + text).slice(-KEPT_CHARACTERS)));
  const [code, killedBy] = (await Promise.race([
    once(child, 'close'),
    once(child, 'error').then(([error]) => {
      errors += (error as Error).message;
      return [exitCodes.failed, null];
    }),
  ])) as [number | null, NodeJS.Signals | null];
  return { member, code, killedBy, report, errors, cleared: isCleared() && report === undefined };
}

/** Why the members failed: what is not a consequence of another failure comes first. */
function firstCause(exits: readonly MemberExit[]): Error | undefined {
  const failures = exits.filter((exit) => failed(exit) || exit.report !== undefined);
  const lost = ({ report }: MemberExit): boolean => report?.name === 'LostMemberError';
  const cause =
    failures.find((exit) => exit.report !== undefined && !lost(exit)) ??
    failures.find((exit) => exit.report === undefined && !exit.cleared) ??
    failures.find(lost) ??
    failures[0];
  if (cause === undefined) return undefined;
  const { member, code, killedBy, report, errors } = cause;
  if (report !== undefined) return rebuilt(report);
  const lines = errors.trim().split('\n').slice(-3).join(' | ');
  const how =
    killedBy === null
      ? `ended with code ${code}`
      : `was ended by ${killedBy}${killedBy === 'SIGKILL' ? ' (out of memory?)' : ''}`;
  return new Error(
    `The process of member ${member} ${how}, and the others cannot go on without it.${lines === '' ? '' : ` It printed: ${lines}`}`,
  );
}

/** The error that a member reported, of a class that decides the exit code. */
function rebuilt({ name, message }: MemberReport): Error {
  if (name === 'UnavailableError') return new UnavailableError(message);
  const error = new Error(message);
  if (name === 'InputError') error.name = InputError.name;
  return error;
}
