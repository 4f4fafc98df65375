import { join } from 'node:path';
import { writeAtomic } from '@nonlocal-med/core/node';
import type { CardTable } from './cardTables.js';
import { type CardSubject, modelCard } from './modelCard.js';

/** Name of the model card in the folder of an exported model. */
const MODEL_CARD_FILE = 'README.md';

/** Writes the card of a run's model into the folder of the exported model. */
export function writeModelCard(folder: string, subject: CardSubject): Promise<void> {
  return writeAtomic(join(folder, MODEL_CARD_FILE), modelCardMarkdown(subject));
}

/** The model card of a run as Markdown. */
function modelCardMarkdown(subject: CardSubject): string {
  const { title, sections } = modelCard(subject);
  const parts = sections.map(({ title: heading, paragraphs, table }) =>
    [
      `## ${plain(heading)}`,
      ...paragraphs.map(plain),
      ...(table === undefined ? [] : [tableMarkdown(table)]),
    ].join('\n\n'),
  );
  return `${[`# ${plain(title)}`, ...parts].join('\n\n')}\n`;
}

function tableMarkdown({ columns, rows }: CardTable): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => plain(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = `|${columns.map((_, column) => (column === 0 ? '---' : '---:')).join('|')}|`;
  return [line(columns), rule, ...rows.map(line)].join('\n');
}

/** Text in which names from users mean nothing to Markdown. */
const plain = (text: string): string =>
  text.replaceAll(/[\\`*_<>[\]#]/g, (character) => `\\${character}`).replaceAll(/\s+/g, ' ');
