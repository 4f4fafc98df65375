import { InputError, suggestName } from '@nonlocal-med/core';
import { type CommandContext, emitJson } from '@nonlocal-med/terminal';
import {
  type ListedOption,
  type ListedSection,
  optionSections,
} from '../options/optionSections.js';
import { optionTable } from '../output/optionTable.js';

/** `options`: every option with its meaning, values, default and flag. */
export function optionsCommand(_context: CommandContext) {
  return (names: string[], { json }: { readonly json?: true }): void => {
    const sections = selectOptions(optionSections(), names);
    if (json !== undefined) return emitJson(sections.flatMap(({ options }) => options));
    const title = 'description; flag; values; default';
    const texts = sections.map(
      ({ name, description, options }) =>
        `${name}: ${description}\n\n${optionTable(options, title)}\n`,
    );
    process.stdout.write(`${texts.join('\n\n')}\n${HOW_TO_SET}\n`);
  };
}

const HOW_TO_SET =
  'Set an option by its flag, by --set path=value (such as --set training.epochs=20),\nor in a YAML file for --config: the config.yaml of a run lists all of them.';

/**
 * The sections with these names, and the options at or below these paths.
 * @throws InputError for a name that is neither a section nor an option.
 */
export function selectOptions(
  sections: readonly ListedSection[],
  names: readonly string[],
): ListedSection[] {
  if (names.length === 0) return [...sections];
  return names.map((name) => {
    const section = sections.find((candidate) => candidate.name === name);
    if (section !== undefined) return section;
    for (const candidate of sections) {
      const options = candidate.options.filter(({ path, flag }) => isAt({ path, flag }, name));
      if (options.length > 0) return { ...candidate, options };
    }
    const known = sections.flatMap((candidate) => [
      candidate.name,
      ...candidate.options.map(({ path }) => path),
    ]);
    const near = suggestName(name, known);
    throw new InputError({
      path: 'options',
      message: `unknown section or option "${name}"`,
      hint: `${near === undefined ? '' : `did you mean "${near}"? `}sections: ${sections.map((candidate) => candidate.name).join(', ')}`,
    });
  });
}

/** Whether an option is the one with this path, last part of the path, or flag, or below this path. */
function isAt({ path, flag }: Pick<ListedOption, 'path' | 'flag'>, name: string): boolean {
  return (
    path === name ||
    path.startsWith(`${name}.`) ||
    path.endsWith(`.${name}`) ||
    flag?.split(' ')[0] === (name.startsWith('--') ? name : `--${name}`)
  );
}
