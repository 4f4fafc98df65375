/** A section of a model card. */
export interface CardSection {
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly table?: {
    readonly columns: readonly string[];
    readonly rows: readonly (readonly string[])[];
  };
}

/** The title and the sections of a model card in Markdown, as a run writes it beside its exported model. */
export function cardSections(markdown: string): {
  readonly title: string;
  readonly sections: readonly CardSection[];
} {
  const [heading, ...parts] = markdown.split(/^## /m);
  return {
    title: unescaped(heading.replace(/^# (Model card: )?/, '')),
    sections: parts.map((part) => {
      const [title, ...blocks] = part.split(/\n\s*\n/);
      const table = blocks.find((block) => block.startsWith('|'));
      return {
        title: unescaped(title),
        paragraphs: blocks.filter((block) => !/^(\||\s*$)/.test(block)).map(unescaped),
        ...(table === undefined ? {} : { table: tableOf(table) }),
      };
    }),
  };
}

function tableOf(block: string): NonNullable<CardSection['table']> {
  const [columns, , ...rows] = block
    .trim()
    .split('\n')
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map(unescaped),
    );
  return { columns, rows };
}

const unescaped = (text: string): string =>
  text
    .replaceAll(/\\([\\`*_<>[\]#|])/g, '$1')
    .replaceAll(/\s+/g, ' ')
    .trim();
