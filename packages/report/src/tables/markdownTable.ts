import type { StyledCell, StyledTable } from './table.js';

/** Renders a table in GitHub's Markdown. */
export function markdownTable({ columns, rows }: StyledTable): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(({ title }) => escapeMarkdown(title))),
    `|${columns.map(({ align }) => (align === 'right' ? '---:' : '---')).join('|')}|`,
    ...rows.map((row) =>
      line(
        row.heading === undefined
          ? row.cells.map(cellText)
          : [`*${escapeMarkdown(row.heading)}*`, ...columns.slice(1).map(() => '')],
      ),
    ),
  ].join('\n');
}

function cellText({ text, strong, mark }: StyledCell): string {
  const shown = strong === true ? `**${escapeMarkdown(text)}**` : escapeMarkdown(text);
  return mark === undefined || mark === '' ? shown : `${shown}<sup>${escapeMarkdown(mark)}</sup>`;
}

/** Escapes what Markdown would read as markup or as the end of a cell. */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/[\\`*_[\]<>|]/g, (character) =>
      character === '<' ? '&lt;' : character === '>' ? '&gt;' : `\\${character}`,
    )
    .replaceAll('\n', '<br>');
}
