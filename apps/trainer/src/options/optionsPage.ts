import { optionValue } from '@nonlocal-med/core';
import { type ListedOption, optionSections } from './optionSections.js';

/** The page docs/options.md: every option of a run and of an experiment's file. Written by `pnpm options`. */
export function optionsPage(): string {
  const sections = optionSections();
  return `${INTRODUCTION}
${sections.map(({ name }) => `[${name}](#${name})`).join(', ')}

${sections
  .map(
    ({ name, description, options }) =>
      `## ${name}\n\n${description}\n\n| option | values | default | flag | meaning |\n|---|---|---|---|---|\n${options.map(tableRow).join('\n')}\n`,
  )
  .join('\n')}`;
}

const INTRODUCTION = `# Options

Every option of a run, by section. This page is generated from the schemas that check the options: \`pnpm options\`
writes it, and \`pnpm --filter trainer start options training\` prints a section in the terminal.

Options come from three places, the later ones winning: a YAML file (\`--config\`), such as the \`config.yaml\` of another
run, which lists all options, those that are not set as comments; flags; and \`--set path=value\`, whose value is YAML.
\`--set training.earlyStopping.patience=5\` and

\`\`\`yaml
training:
  earlyStopping: { patience: 5 }
\`\`\`

set the same option. Without a default, an option stays unset, and its meaning says what then happens.
`;

function tableRow({ path, values, default: fallback, flag, description }: ListedOption): string {
  const cells = [
    `\`${path}\``,
    values,
    fallback === undefined ? '' : `\`${optionValue(fallback)}\``,
    flag === undefined ? '' : `\`${flag}\``,
    description,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
