import { optionValue, type SchemaOption } from '@nonlocal-med/core';
import { formatTable } from '@nonlocal-med/terminal';
import wrapAnsi from 'wrap-ansi';

/** Width of the table on the narrowest usual terminal. */
const COLUMNS = 80;

/** Options on several lines each: description, then the flag that sets it, values and default. */
export function optionTable(
  options: readonly (SchemaOption & { readonly flag?: string })[],
  title: string,
): string {
  const longest = Math.max(...options.map(({ path }) => path.length), 'option'.length);
  const rows = options.map(({ path, description, flag, values, default: fallback }) => {
    const facts = [
      ...(flag === undefined ? [] : [flag]),
      values,
      ...(fallback === undefined ? [] : [`default: ${optionValue(fallback)}`]),
    ];
    const lines = [description, facts.join('; ')].filter((text) => text !== '');
    return [path, lines.map((text) => wrapAnsi(text, COLUMNS - longest - 2)).join('\n')];
  });
  return formatTable([{ title: 'option' }, { title }], rows);
}
