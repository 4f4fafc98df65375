/** Text as Markdown shows it: what it would read as markup or as the end of a cell is escaped. */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/[\\`*_[\]<>|]/g, (character) =>
      character === '<' ? '&lt;' : character === '>' ? '&gt;' : `\\${character}`,
    )
    .replaceAll('\n', '<br>');
}
