import { realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Command, CommanderError, Help, InvalidArgumentError, Option } from 'commander';
import { type CommandContext, exitCodes } from './errorBoundary.js';

/**
 * Parses a command line and runs its command. For what cannot be parsed (an unknown command or
 * option, a missing argument) commander prints a message with a suggestion.
 * @param argv like `process.argv`: two entries before the first argument
 * @returns the exit code: 0 after help and version, 2 for a wrong command line, else
 *   `process.exitCode`, which a command sets if its answer is bad
 */
export async function parseCommandLine(program: Command, argv: readonly string[]): Promise<number> {
  configure(program);
  try {
    await program.parseAsync(withHelpFlag(program, argv));
    return Number(process.exitCode ?? exitCodes.done);
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongInput;
    throw error;
  }
}

/**
 * `help COMMAND` as `COMMAND --help`: commander's own command prints the help of the program for an unknown COMMAND, and a
 * program that runs without a command has none.
 */
function withHelpFlag(program: Command, argv: readonly string[]): string[] {
  const [node, script, first, ...names] = argv;
  if (first !== 'help' || names.some((name) => name.startsWith('-'))) return [...argv];
  let command = program;
  for (const name of names) {
    const known = command.commands.find((one) => one.name() === name);
    if (known === undefined) return command.error(`error: unknown command '${name}'`);
    command = known;
  }
  return [node, script, ...names, '--help'];
}

function configure(command: Command): void {
  command
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('(use --help to list all options)')
    .configureHelp({ subcommandTerm: (subcommand) => subcommand.name(), optionDescription });
  command.commands.forEach(configure);
}

/** The description of an option, without its choices if it or the flags list them, as in `--weights <selected|last>`. */
function optionDescription(option: Option): string {
  const { flags, description, argChoices: choices = [] } = option;
  const isListed = flags.includes('|') || choices.every((choice) => description.includes(choice));
  const argChoices = isListed ? undefined : choices;
  const shown = Object.assign(Object.create(option) as Option, { argChoices });
  return new Help().optionDescription(shown);
}

/** What a command does, given its arguments and options. */
type Work<Given extends unknown[]> = (
  context: CommandContext,
) => (...given: Given) => Promise<void> | void;

/**
 * The action of a command whose code is loaded when the command runs, so that help needs neither TF.js nor a decoder.
 * @param load imports what the command does
 */
export function lazily<Given extends unknown[]>(
  context: CommandContext,
  load: () => Promise<Work<Given>>,
): (...given: Given) => Promise<void> {
  return async (...given) => (await load())(context)(...given);
}

/** A flag whose value a schema checks. */
export interface Flag {
  /** In commander's syntax, e.g. `--epochs <count>`. */
  readonly flags: string;
  /** Heading of the flag in help. */
  readonly group: string;
  /** What it means, in help. */
  readonly description: string;
  /** Values that shells complete. */
  readonly choices: readonly string[];
  /** Converts the text, given the value of earlier arguments; default: the text itself. */
  readonly parse?: (text: string, previous?: unknown) => unknown;
}

/** A flag as an option of a command. Its choices are completed by shells and not checked: the schema reports more. */
export function flagOption({ flags, group, description, choices, parse }: Flag): Option {
  const option = new Option(flags, description)
    .argParser((text: string, previous: unknown) => (parse ? parse(text, previous) : text))
    .helpGroup(group);
  option.argChoices = [...choices];
  return option;
}

/** `--keep-formulas` of commands that write CSV. */
export const keepFormulasOption = (): Option =>
  new Option(
    '--keep-formulas',
    'write texts that a spreadsheet would run as formulas (they begin with =, +, - or @) to CSV files as they are; default: marked as text',
  );

/** An option parser for commander: an integer of at least `minimum`. */
export function integerFrom(minimum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < minimum)
      throw new InvalidArgumentError(`Expected an integer of at least ${minimum}.`);
    return value;
  };
}

/** An option parser for commander: the trimmed parts of a comma-separated list, empty ones left out. */
export function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/**
 * Resolves a path relative to the folder where the user typed the command. Package managers run a
 * script in its package's folder and pass the user's folder in `INIT_CWD`. A program that such a
 * script starts in another folder inherits the variable; then its own working folder counts.
 */
export function resolveUserPath(
  path: string,
  env: NodeJS.ProcessEnv = process.env,
  cwd: string = process.cwd(),
): string {
  const { INIT_CWD: userFolder, npm_package_json: manifest } = env;
  const runAsScript =
    userFolder !== undefined &&
    userFolder !== '' &&
    (manifest === undefined || isSameFolder(dirname(manifest), cwd));
  return resolve(runAsScript ? userFolder : cwd, path);
}

function isSameFolder(a: string, b: string): boolean {
  try {
    return realpathSync(a) === realpathSync(b);
  } catch {
    return a === b;
  }
}
