import { InputError } from '@nonlocal-med/core';
import type { DataSet } from 'dicom-parser';
import type { ImageAttributes } from './imageAttributes.js';

/** A step of the grayscale pipeline on a single value. */
export type Transform = (value: number) => number;

/** The frame whose attributes count, and whether its stored values have a sign. */
interface FrameContext extends Pick<ImageAttributes, 'signed'> {
  readonly dataSet: DataSet;
  readonly frame: number;
}

const PIXEL_VALUE_TRANSFORMATION = 'x00289145';
const FRAME_VOI = 'x00289132';
const MODALITY_LUT = 'x00283000';
const VOI_LUT = 'x00283010';
const SHARED_GROUPS = 'x52009229';
const PER_FRAME_GROUPS = 'x52009230';

/**
 * Stored values to modality values, e.g. Hounsfield units: the modality LUT if there is one, else slope and intercept
 * (DICOM PS3.3, section C.11.1).
 */
export function modalityTransform({ dataSet, frame, signed }: FrameContext): Transform {
  const table = readLut(firstItem(dataSet, MODALITY_LUT), signed);
  if (table !== undefined) return table.lookup;
  const attributes = attributesOfFrame(dataSet, { sequence: PIXEL_VALUE_TRANSFORMATION, frame });
  const slope = attributes.floatString('x00281053') ?? 1;
  const intercept = attributes.floatString('x00281052') ?? 0;
  if (!Number.isFinite(slope) || !Number.isFinite(intercept) || slope === 0)
    throw new Error(`its rescale slope is ${slope} and its intercept ${intercept}`);
  return slope === 1 && intercept === 0 ? (value) => value : (value) => value * slope + intercept;
}

/** How modality values become levels from 0 (black) to 1 (white), and where this comes from. */
export interface ValuesOfInterest {
  readonly transform: Transform;
  readonly source: 'window' | 'lookup table';
}

/**
 * Modality values to levels from 0 to 1, as the file says: the VOI LUT if there is one and no window is chosen, else
 * a window with its function (DICOM PS3.3, section C.11.2). Undefined if the file has neither.
 *
 * @param window which of several windows, counted from 1; default: the VOI LUT, else the first window
 * @throws InputError without a path if a window is chosen that the file does not have
 */
export function voiTransform(
  { dataSet, frame, signed }: FrameContext,
  window: number | undefined,
): ValuesOfInterest | undefined {
  const attributes = attributesOfFrame(dataSet, { sequence: FRAME_VOI, frame });
  const table = readLut(firstItem(attributes, VOI_LUT), signed);
  if (table !== undefined && window === undefined)
    return {
      transform: (value) => clamp(table.lookup(value) / table.maximum), // some declare too few bits
      source: 'lookup table',
    };
  const count = windowsIn(attributes);
  if (window !== undefined && window > count)
    throw new InputError({
      path: '',
      message: `has ${count === 0 ? 'no window' : count === 1 ? '1 window' : `${count} windows`}, but window ${window} is to be used`,
      hint: 'a file with that window',
    });
  if (count === 0) return undefined;
  const index = (window ?? 1) - 1;
  const center = attributes.floatString('x00281050', index);
  const width = attributes.floatString('x00281051', index);
  const shape = attributes.string('x00281056')?.trim() ?? 'LINEAR';
  if (center === undefined || width === undefined) return undefined;
  const transform = windowTransform({ center, width, shape });
  return transform && { transform, source: 'window' };
}

/** How many windows a frame has. */
export const windowCount = ({ dataSet, frame }: Omit<FrameContext, 'signed'>): number =>
  windowsIn(attributesOfFrame(dataSet, { sequence: FRAME_VOI, frame }));

const windowsIn = (attributes: DataSet): number =>
  attributes.elements.x00281050 === undefined ? 0 : (attributes.numStringValues('x00281050') ?? 0);

/** Undefined for a width that the function does not allow, such as 0. @throws Error for an unknown function */
function windowTransform({
  center,
  width,
  shape,
}: {
  readonly center: number;
  readonly width: number;
  readonly shape: string;
}): Transform | undefined {
  if (!Number.isFinite(center) || !(width > 0)) return undefined;
  switch (shape) {
    case 'LINEAR':
      if (width < 1) return undefined;
      // A width of 1 is a threshold: values above center - 0.5 are white.
      if (width === 1) return (value) => (value > center - 0.5 ? 1 : 0);
      return (value) => clamp((value - (center - 0.5)) / (width - 1) + 0.5);
    case 'LINEAR_EXACT':
      return (value) => clamp((value - center) / width + 0.5);
    case 'SIGMOID':
      return (value) => 1 / (1 + Math.exp((-4 * (value - center)) / width));
    default:
      throw new Error(`its window has the unknown function "${shape}"`);
  }
}

const clamp = (level: number): number => Math.min(Math.max(level, 0), 1);

interface LookupTable {
  readonly lookup: Transform;
  /** The largest value that entries of its bits can have. */
  readonly maximum: number;
}

/** A lookup table (LUT Descriptor and LUT Data). @throws Error if it has fewer entries than it declares */
function readLut(item: DataSet | undefined, signed: boolean): LookupTable | undefined {
  const element = item?.elements.x00283006;
  if (item === undefined || element === undefined) return undefined;
  const count = item.uint16('x00283002', 0) || 65536;
  // Rescaled values, to which a VOI LUT applies, may be negative although stored values are not.
  const isSigned = signed || item.elements.x00283002?.vr === 'SS';
  const first = (isSigned ? item.int16('x00283002', 1) : item.uint16('x00283002', 1)) ?? 0;
  const bits = item.uint16('x00283002', 2) ?? 16;
  const isByte = element.length < 2 * count;
  if (element.length < count)
    throw new Error(`a lookup table has ${element.length} bytes for ${count} entries`);
  const entries = Uint16Array.from({ length: count }, (_, index) =>
    isByte ? item.byteArray[element.dataOffset + index] : item.uint16('x00283006', index)!,
  );
  return {
    lookup: (value) =>
      entries[Math.min(Math.max(Math.floor(value) - first, 0), entries.length - 1)],
    maximum: 2 ** Math.min(Math.max(bits, 8), 16) - 1,
  };
}

/**
 * Where the attributes of a frame are: in enhanced multi-frame files in a sequence of the frame's own functional groups,
 * or of those that all frames share (DICOM PS3.3, section C.7.6.16); else in the file itself.
 *
 * @param sequence tag of the functional group, e.g. `x00289132` for the frame's windows
 */
function attributesOfFrame(
  dataSet: DataSet,
  { sequence, frame }: { readonly sequence: string; readonly frame: number },
): DataSet {
  const own = dataSet.elements[PER_FRAME_GROUPS]?.items?.[frame]?.dataSet;
  const shared = dataSet.elements[SHARED_GROUPS]?.items?.[0]?.dataSet;
  return firstItem(own, sequence) ?? firstItem(shared, sequence) ?? dataSet;
}

/** The first item of a sequence. */
const firstItem = (dataSet: DataSet | undefined, sequence: string): DataSet | undefined =>
  dataSet?.elements[sequence]?.items?.[0]?.dataSet;
