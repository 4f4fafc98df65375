/** What pip prints when it cannot reach its index; the first group is the reason. */
const CONNECTION = [
  /Failed to establish a new connection: (?:\[Errno [^\]]*\] )?([^'"\n]*?)['")]/,
  /(Failed to resolve '[^']*')/,
  /ProxyError\('([^']*)'/,
  /(\[SSL: [A-Z_]+\][^('"\n]*)/,
  /(Connection to \S+ timed out|Read timed out)/,
  /(Connection (?:refused|reset by peer|aborted))/,
];

/** The part of pip's output that says what went wrong, in one line and without credentials. */
export function pipFault(output: string): string {
  const text = output.replaceAll(/\/\/[^/@\s]+@/g, '//');
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const errors = lines.filter(
    (line) => /^(ERROR|error|OSError|Could not|No matching)/.test(line) || line.includes('[Errno'),
  );
  const unreachable = CONNECTION.map((pattern) => pattern.exec(text)?.[1]).find(
    (reason) => reason !== undefined,
  );
  if (unreachable !== undefined && !text.includes('No space left'))
    return `the package index cannot be reached (${unreachable.trim()})`;
  const full = lines.find((line) => line.includes('No space left'));
  return (full ?? errors.at(-1) ?? lines.at(-1) ?? 'it said nothing').replace(/^ERROR: /, '');
}
