/** A scalar of one moment of a run. */
export interface ScalarPoint {
  /** Name in TensorBoard, with slashes for its groups. */
  readonly tag: string;
  readonly value: number;
  /** Steps done. */
  readonly step: number;
  /** Seconds since 1970. */
  readonly time: number;
}

/** A protocol buffer `tensorflow.Event` with one scalar, or with the version line that a file begins with. */
export function encodeEvent(
  event: ScalarPoint | { readonly version: string; readonly time: number },
): Uint8Array {
  const time = [key(1, FIXED64), ...fixed64(event.time)];
  if ('version' in event) return Uint8Array.from([...time, ...field(3, text(event.version))]);
  const value = [...field(1, text(event.tag)), key(2, FIXED32), ...fixed32(event.value)]; // Summary.Value { tag, simple_value }
  const summary = field(1, value); // Summary { value }
  return Uint8Array.from([...time, key(2, VARINT), ...varint(event.step), ...field(5, summary)]);
}

const VARINT = 0;
const FIXED64 = 1;
const DELIMITED = 2;
const FIXED32 = 5;

/** The tag byte of a field with a number below 16. */
function key(number: number, wireType: number): number {
  return (number << 3) | wireType;
}

function field(number: number, content: readonly number[]): number[] {
  return [key(number, DELIMITED), ...varint(content.length), ...content];
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return [...bytes, rest];
}

function fixed64(value: number): Uint8Array {
  return new Uint8Array(Float64Array.of(value).buffer);
}

function fixed32(value: number): Uint8Array {
  return new Uint8Array(Float32Array.of(value).buffer);
}

function text(value: string): number[] {
  return [...new TextEncoder().encode(value)];
}
