import { CST, Lexer, parse } from 'yaml';

/** Options are nested a handful of levels deep; the parser recurses, and thousands of levels exhaust its stack. */
const MAXIMUM_DEPTH = 100;
const MAXIMUM_CHARACTERS = 2 ** 20;

/**
 * Parses the YAML of a file that may come from somebody else.
 * @returns what the text describes: plain data
 * @throws Error when it is not YAML, has more than a million characters, or is nested more than 100 levels deep.
 */
export function parseYaml(text: string): unknown {
  if (text.length > MAXIMUM_CHARACTERS)
    throw new Error(
      `it has ${text.length.toLocaleString('en')} characters, expected at most ${MAXIMUM_CHARACTERS.toLocaleString('en')}`,
    );
  if (isNestedDeeply(text)) throw new Error(`it is nested more than ${MAXIMUM_DEPTH} levels deep`);
  return parse(text);
}

/** Whether more than {@link MAXIMUM_DEPTH} brackets are open, or list items begin on one line. */
function isNestedDeeply(text: string): boolean {
  let brackets = 0;
  let items = 0;
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token);
    if (type === 'flow-seq-start' || type === 'flow-map-start') brackets++;
    else if (type === 'flow-seq-end' || type === 'flow-map-end') brackets--;
    else if (type === 'newline') items = 0;
    else if (type === 'seq-item-ind' || type === 'explicit-key-ind') items++;
    if (brackets + items > MAXIMUM_DEPTH) return true;
  }
  return false;
}
