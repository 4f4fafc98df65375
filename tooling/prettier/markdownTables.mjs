import * as markdown from 'prettier/plugins/markdown';

const { mdast } = markdown.printers;

/** A Prettier plugin that formats Markdown but keeps tables as written: aligned columns make wide, noisy diffs. */
export const parsers = {
  markdown: { ...markdown.parsers.markdown, astFormat: 'mdast-with-tables-as-written' },
};

export const printers = {
  'mdast-with-tables-as-written': {
    ...mdast,
    print(path, options, print) {
      const { node } = path;
      return node.type === 'table'
        ? options.originalText.slice(node.position.start.offset, node.position.end.offset)
        : mdast.print(path, options, print);
    },
  },
};
