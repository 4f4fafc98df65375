/**
 * Decodes a frame in DICOM's run-length encoding (PS3.5, annex G): PackBits segments, one per byte of a value, the most
 * significant first, for each channel.
 *
 * @returns values of `bytesPerValue` bytes in little-endian order, the channels of a pixel together
 * @throws Error if the segments do not hold the pixels
 */
export function decodeRle(
  bytes: Uint8Array,
  { pixels, channels, bytesPerValue }: { pixels: number; channels: number; bytesPerValue: number },
): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const segments = view.getUint32(0, true);
  if (segments !== channels * bytesPerValue)
    throw new Error(`${segments} RLE segments instead of ${channels * bytesPerValue}`);
  const output = new Uint8Array(pixels * channels * bytesPerValue);
  for (let segment = 0; segment < segments; segment++) {
    const from = view.getUint32(4 + 4 * segment, true);
    const next = segment + 1 < segments ? view.getUint32(8 + 4 * segment, true) : bytes.length;
    if (from < 64 || next < from || next > bytes.length)
      throw new Error(
        `RLE segment ${segment + 1} is from byte ${from} to ${next} of ${bytes.length}`,
      );
    const channel = Math.floor(segment / bytesPerValue);
    const significance = bytesPerValue - 1 - (segment % bytesPerValue);
    unpackBits(bytes.subarray(from, next), output, {
      first: channel * bytesPerValue + significance,
      step: channels * bytesPerValue,
    });
  }
  return output;
}

/** Writes a PackBits segment to every `step`-th byte of the output; too few bytes are an error, padding is not. */
function unpackBits(
  segment: Uint8Array,
  output: Uint8Array,
  { first, step }: { readonly first: number; readonly step: number },
): void {
  let to = first;
  let at = 0;
  while (to < output.length) {
    if (at >= segment.length) throw new Error('an RLE segment ends before its last pixel');
    const control = segment[at++];
    if (control === 128) continue;
    const literal = control < 128;
    const length = literal ? control + 1 : 257 - control;
    if (at + (literal ? length : 1) > segment.length)
      throw new Error('an RLE segment ends within a run');
    for (let i = 0; i < length && to < output.length; i++, to += step)
      output[to] = segment[literal ? at + i : at];
    at += literal ? length : 1;
  }
}
