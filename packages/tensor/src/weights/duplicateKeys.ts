/**
 * Finds keys that occur twice in one object of a JSON text (JSON.parse silently keeps the last), and the deepest nesting.
 * @param json JSON; of a text that is not, the result means nothing
 * @param options.maximumDepth stops where the nesting exceeds it
 * @throws SyntaxError for some texts that are not JSON
 */
export function duplicateKeys(
  json: string,
  { maximumDepth }: { readonly maximumDepth: number },
): {
  readonly duplicates: readonly string[];
  readonly depth: number;
} {
  const duplicates: string[] = [];
  const open: (Set<string> | undefined)[] = [];
  let depth = 0;
  for (let at = 0; at < json.length && depth <= maximumDepth; at++) {
    const character = json[at];
    if (character === '{' || character === '[')
      depth = Math.max(depth, open.push(character === '{' ? new Set() : undefined));
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const end = endOfString(json, at);
      const keys = open.at(-1);
      if (keys !== undefined && isKey(json, end)) {
        const key = JSON.parse(json.slice(at, end)) as string;
        if (keys.has(key)) duplicates.push(key);
        keys.add(key);
      }
      at = end - 1;
    }
  }
  return { duplicates, depth };
}

function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}

function isKey(json: string, afterString: number): boolean {
  let at = afterString;
  while (at < json.length && ' \t\n\r'.includes(json[at])) at++;
  return json[at] === ':';
}
