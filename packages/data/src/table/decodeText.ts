/** The text of a file, and what was assumed about its bytes. */
export interface DecodedText {
  readonly text: string;
  /** The encoding, if it is not UTF-8: "UTF-16", or "Windows-1252" for 8-bit text that is not valid UTF-8. */
  readonly encoding?: 'UTF-16' | 'Windows-1252';
}

/**
 * Decodes the bytes of a text file: UTF-8 if they are valid UTF-8; UTF-16 if a byte order mark or the zero bytes of Latin
 * letters show it (Excel's "Unicode text"); otherwise Windows-1252, whose letters are those of Latin-1.
 *
 * A byte order mark is not part of the text.
 */
export function decodeText(bytes: Buffer): DecodedText {
  const utf16 = utf16Label(bytes);
  if (utf16 !== undefined)
    return { text: new TextDecoder(utf16).decode(bytes), encoding: 'UTF-16' };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'Windows-1252' };
  }
}

const SAMPLE_BYTES = 512;

function utf16Label(bytes: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes.length < 2) return undefined;
  const mark = bytes.readUInt16BE(0);
  if (mark === 0xfffe) return 'utf-16le';
  if (mark === 0xfeff) return 'utf-16be';
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  const zeros = [0, 1].map(
    (parity) => sample.filter((byte, index) => byte === 0 && index % 2 === parity).length,
  );
  const most = sample.length / 4;
  if (zeros[1] > most && zeros[0] === 0) return 'utf-16le';
  return zeros[0] > most && zeros[1] === 0 ? 'utf-16be' : undefined;
}
