/** C0 but tab and line feed, delete, C1, and the characters that turn the direction of text. */
// eslint-disable-next-line no-control-regex -- they are what this is about
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** What our own progress bars begin and end with; see `CLEAR_LINE`. */
// eslint-disable-next-line no-control-regex -- as above
const OWN = /^(\r(?:\u001b\[K)?)?([^]*?)(\u001b\[K)?$/;

/**
 * Makes the control characters of a text visible ("\x1b"), so that the name of a file, a class or a tensor cannot clear the
 * screen, set the title of the window or write over what was printed before.
 */
export function showControls(text: string): string {
  const [, start = '', middle = '', end = ''] = OWN.exec(text) ?? [];
  return start + middle.replace(CONTROL, escaped) + end;
}

function escaped(character: string): string {
  const code = character.charCodeAt(0).toString(16);
  return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, '0')}`;
}

/** The write functions of the streams as Node made them. */
const plain = new WeakMap<NodeJS.WriteStream, NodeJS.WriteStream['write']>();

/** From now on, text that is written to a stream has its control characters visible. */
export function protectStream(stream: NodeJS.WriteStream): void {
  if (plain.has(stream)) return;
  const write = stream.write.bind(stream) as (...parameters: unknown[]) => boolean;
  plain.set(stream, write);
  stream.write = (chunk: unknown, ...rest: unknown[]) =>
    write(typeof chunk === 'string' ? showControls(chunk) : chunk, ...rest);
}

/** Writes data, such as CSV, to standard output: as it is to a file or another program, with visible controls to a terminal. */
export function emitData(text: string): void {
  const write = process.stdout.isTTY ? undefined : plain.get(process.stdout);
  if (write === undefined) process.stdout.write(text);
  else write(text);
}
