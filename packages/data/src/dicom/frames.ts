import { InputError } from '@nonlocal-med/core';
import type { Element, Fragment } from 'dicom-parser';

/** Bytes of a file and the fragments of its encapsulated pixels. */
export interface EncapsulatedPixels {
  readonly bytes: Uint8Array;
  readonly element: Element;
  readonly frames: number;
}

/**
 * The compressed bytes of one frame (DICOM PS3.5, section A.4): by the offset table if there is one; else one fragment
 * per frame, or all fragments for a single frame; else a frame ends where a fragment ends an image.
 *
 * @throws InputError without a path if the fragments cannot be assigned to frames
 */
export function frameBytes(
  { bytes, element, frames }: EncapsulatedPixels,
  frame: number,
): Uint8Array {
  const fragments = element.fragments ?? [];
  const ranges =
    splitByOffsets(fragments, element.basicOffsetTable ?? [], frames) ??
    splitByCount(fragments, frames) ??
    splitByEnd(bytes, fragments);
  const own = ranges[frame];
  if (own === undefined || ranges.length < frames || own.length === 0)
    throw new InputError({
      path: '',
      message: `damaged DICOM file: it declares ${frames} ${frames === 1 ? 'frame' : 'frames'}, but has compressed pixels for ${ranges.length}`,
    });
  return join(bytes, own);
}

type Fragments = readonly Fragment[];

function splitByOffsets(
  fragments: Fragments,
  offsets: readonly number[],
  frames: number,
): Fragments[] | undefined {
  if (offsets.length < frames) return undefined;
  const starts = offsets.slice(0, frames);
  if (!starts.every((start) => fragments.some(({ offset }) => offset === start))) return undefined;
  return starts.map((start, index) =>
    fragments.filter(({ offset }) => offset >= start && offset < (starts[index + 1] ?? Infinity)),
  );
}

function splitByCount(fragments: Fragments, frames: number): Fragments[] | undefined {
  if (frames === 1) return fragments.length > 0 ? [fragments] : undefined;
  return fragments.length === frames ? fragments.map((fragment) => [fragment]) : undefined;
}

/** Several fragments per frame without a table: JPEG and JPEG 2000 streams end with FF D9. */
function splitByEnd(bytes: Uint8Array, fragments: Fragments): Fragments[] {
  const result: Fragment[][] = [[]];
  for (const fragment of fragments) {
    result[result.length - 1].push(fragment);
    const end = fragment.position + fragment.length;
    if (bytes.subarray(end - 3, end).some((_, i, tail) => tail[i] === 0xff && tail[i + 1] === 0xd9))
      result.push([]);
  }
  return result.filter((group) => group.length > 0);
}

function join(bytes: Uint8Array, fragments: Fragments): Uint8Array {
  const parts = fragments.map(({ position, length }) =>
    bytes.subarray(position, position + length),
  );
  if (parts.length === 1) return parts[0];
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
