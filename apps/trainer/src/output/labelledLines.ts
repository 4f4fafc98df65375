/** Where values begin after their label. */
const INDENT = 12;
const WIDTH = 80;

/** A label and its text, broken between words so that no line passes 80 columns; a line end in the text begins a new line. */
export function labelledLines(label: string, text: string): string {
  const lines = text.split('\n').flatMap(breakLine);
  return lines
    .map((line, index) => `${(index === 0 ? label : '').padEnd(INDENT)}${line}`)
    .join('\n');
}

function breakLine(text: string): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1];
    if (last === '') lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= WIDTH - INDENT)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
