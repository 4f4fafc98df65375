import type { Command, Option } from 'commander';

/** A word that may follow, and what it means. */
export interface Candidate {
  readonly value: string;
  readonly description: string;
}

/**
 * What may follow the words that have been typed: commands, options, or values that an option or argument is limited to.
 * @param words those before the cursor; the last one is incomplete, and may be empty
 * @returns candidates that begin with the last word; none where anything else is meant, such as a file
 */
export function completeWords(program: Command, words: readonly string[]): Candidate[] {
  // Bash gives --weights=last as three words.
  const last = words.at(-1) === '=' ? '' : (words.at(-1) ?? '');
  const before = words.slice(0, -1).filter((word) => word !== '=');
  const { command, option } = readWords(program, before);
  return candidatesOf(command, option, last)
    .filter(({ value }) => value.startsWith(last))
    .map(({ value, description }) => ({ value, description: firstSentence(description) }));
}

/** The command that complete words call, and the option whose value comes next, if any. */
function readWords(
  program: Command,
  words: readonly string[],
): { readonly command: Command; readonly option?: Option } {
  let command = program;
  let option: Option | undefined;
  for (const word of words) {
    if (option !== undefined) option = undefined;
    else if (word.startsWith('-')) option = takesValue(command, word);
    else command = command.commands.find((inner) => inner.name() === word) ?? command;
  }
  return { command, option };
}

function takesValue(command: Command, flag: string): Option | undefined {
  const option = command.options.find(({ long, short }) => flag === long || flag === short);
  return option?.required === true || option?.optional === true ? option : undefined;
}

function candidatesOf(command: Command, option: Option | undefined, last: string): Candidate[] {
  if (option !== undefined) return choicesOf(option);
  const help = command.createHelp();
  if (last.startsWith('-')) {
    const [flag] = last.split('=', 1);
    const assigned = flag === last ? undefined : takesValue(command, flag);
    if (assigned !== undefined) return choicesOf(assigned, `${flag}=`);
    return help
      .visibleOptions(command)
      .flatMap(({ long, description }) =>
        typeof long !== 'string' ? [] : [{ value: long, description }],
      );
  }
  const commands = help
    .visibleCommands(command)
    .map((inner) => ({ value: inner.name(), description: inner.description() }));
  return [...commands, ...command.registeredArguments.flatMap((argument) => choicesOf(argument))];
}

const choicesOf = (
  { argChoices = [], description }: Pick<Option, 'argChoices' | 'description'>,
  prefix = '',
): Candidate[] => argChoices.map((value) => ({ value: `${prefix}${value}`, description }));

const firstSentence = (text: string): string => text.split(/(?<=\.)(?<!\be\.g\.)\s/, 1)[0];
