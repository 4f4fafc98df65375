/** Formats of tables in files. */
export const tableFormats = ['md', 'csv', 'tex', 'json'] as const;

/** Markdown, CSV in full precision, LaTeX with booktabs, JSON. */
export type TableFormat = (typeof tableFormats)[number];
