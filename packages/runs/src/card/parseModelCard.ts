import type { CardTable } from './cardTables.js';
import type { ModelCard } from './modelCard.js';

/** Reads a model card from the Markdown that `writeModelCard` wrote; text that is none has no sections. */
export function parseModelCard(markdown: string): ModelCard {
  const [heading, ...parts] = markdown.split(/^## /m);
  return {
    title: textOf(heading.replace(/^# /, '')),
    sections: parts.map((part) => {
      const [title, ...blocks] = part.split(/\n\s*\n/);
      const table = blocks.find((block) => block.startsWith('|'));
      return {
        title: textOf(title),
        paragraphs: blocks.filter((block) => !/^(\||\s*$)/.test(block)).map(textOf),
        ...(table === undefined ? {} : { table: tableOf(table) }),
      };
    }),
  };
}

function tableOf(block: string): CardTable {
  const [columns, , ...rows] = block
    .trim()
    .split('\n')
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map(textOf),
    );
  return { columns, rows };
}

/** Text without the backslashes that keep it from meaning something to Markdown. */
const textOf = (text: string): string =>
  text
    .replaceAll(/\\([\\`*_<>[\]#|])/g, '$1')
    .replaceAll(/\s+/g, ' ')
    .trim();
