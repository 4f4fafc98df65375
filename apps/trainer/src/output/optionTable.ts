import type { OptionSpec, OptionSpecs } from '@nonlocal-med/models';
import { formatTable } from '@nonlocal-med/terminal';

/** Keeps the table within 80 columns beside the longest name. */
const WIDTH = 66;

/** Options of a model, several lines each: meaning, then values and default. */
export function optionTable(specs: OptionSpecs): string {
  const rows = Object.entries(specs).map(([option, spec]) => [
    option,
    [spec.description, `${values(spec)}${preset(spec)}`].map(wrap).join('\n'),
  ]);
  return formatTable(
    [{ title: 'option' }, { title: 'meaning and values; --set model.<option>=<value>' }],
    rows,
  );
}

function values(spec: OptionSpec): string {
  switch (spec.kind) {
    case 'choice':
      return spec.choices.join(', ');
    case 'list':
      return `one or more of ${spec.choices.join(', ')}`;
    case 'boolean':
      return 'true, false';
    case 'size':
      return `pixels, at least ${spec.minimum}`;
    case 'integer':
    case 'number':
      return `${spec.kind === 'integer' ? 'a whole number' : 'a number'} ${spec.maximum === undefined ? `of at least ${spec.minimum}` : `from ${spec.minimum} to ${spec.maximum}`}`;
  }
}

function preset({ default: value }: OptionSpec): string {
  return value === undefined ? '' : `; default: ${[value].flat().join(', ')}`;
}

/** Breaks between words. */
function wrap(text: string): string {
  return text.replaceAll(new RegExp(`(.{1,${WIDTH}})( |$)`, 'g'), '$1\n').trimEnd();
}
