import { InputError } from '@nonlocal-med/core';
import dicomParser, { type DataSet } from 'dicom-parser';
import type { DicomPlatform } from './platform.js';
import { type TransferSyntax, transferSyntaxOf } from './transferSyntax.js';

/** A parsed DICOM file: its attributes, and where its pixels are. */
export interface DicomFile {
  readonly dataSet: DataSet;
  readonly transferSyntax: TransferSyntax;
}

const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';

/**
 * Parses a DICOM file, with or without preamble.
 *
 * @param options.untilTag where to stop, e.g. `x7fe00010` to read no pixels
 * @throws InputError without a path if it is damaged or its transfer syntax is not supported
 */
export function parseDicomFile(
  bytes: Uint8Array,
  { inflate, untilTag }: Pick<DicomPlatform, 'inflate'> & { readonly untilTag?: string },
): DicomFile {
  return explainDamage(() => {
    const whole = withPreamble(bytes);
    const bare = !hasPreamble(whole);
    const dataSet = dicomParser.parseDicom(whole, {
      ...(untilTag === undefined ? {} : { untilTag }),
      ...(bare ? { TransferSyntaxUID: EXPLICIT_LITTLE_ENDIAN } : {}),
      inflater: (deflated: Uint8Array, position: number) =>
        inflateFrom(deflated, position, inflate),
    });
    return { dataSet, transferSyntax: transferSyntaxOf(dataSet.string('x00020010') ?? '') };
  });
}

/**
 * The bytes as a plain array (methods of Buffer, such as slice, share memory where those of Uint8Array copy it), with
 * the preamble that some files lack although they have the group of elements that follows it.
 */
function withPreamble(bytes: Uint8Array): Uint8Array {
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (hasPreamble(plain) || plain[0] !== 2 || plain[1] !== 0) return plain;
  const whole = new Uint8Array(132 + plain.length);
  whole.set(new TextEncoder().encode('DICM'), 128);
  whole.set(plain, 132);
  return whole;
}

/** Runs a step of reading a DICOM file; whatever the parser or a decoder throws becomes an issue of the file. */
export function explainDamage<T>(step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw damageOf(error);
  }
}

/** An issue without a path that says why a DICOM file cannot be read. */
export function damageOf(error: unknown): InputError {
  if (error instanceof InputError) return error;
  const [reason] = reasonOf(error).replace(PARSER_FUNCTION, '').split('\n');
  const reported = OVERRUN.test(reason) ? 'an element extends beyond the end of the file' : reason;
  return new InputError(
    { path: '', message: `damaged or truncated DICOM file: ${reported}` },
    { cause: error },
  );
}

/** What messages of the parser begin with. */
const PARSER_FUNCTION = /^(dicomParser|ByteStream|(big|little)EndianByteArrayParser)[.:\w]*( -|:) /;
/** How it says that the bytes end too early. */
const OVERRUN =
  /^(buffer overrun|attempt to read past end of buffer|readByteStream - buffer overread)/;

/** The parser throws strings, or objects that hold one. */
function reasonOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  const { exception = error } = Object(error) as { exception?: unknown };
  return exception instanceof Error ? exception.message : String(exception);
}

const hasPreamble = (bytes: Uint8Array): boolean =>
  String.fromCharCode(...bytes.subarray(128, 132)) === 'DICM';

/** The bytes before the deflated part, followed by the inflated part: what the parser expects of an inflater. */
function inflateFrom(
  bytes: Uint8Array,
  position: number,
  inflate: DicomPlatform['inflate'],
): Uint8Array {
  const inflated = inflate(bytes.subarray(position));
  const whole = new Uint8Array(position + inflated.length);
  whole.set(bytes.subarray(0, position));
  whole.set(inflated, position);
  return whole;
}
