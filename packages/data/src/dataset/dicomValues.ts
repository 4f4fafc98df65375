import type { FileWindow, Issue, PixelValues } from '@nonlocal-med/core';
import { PERCENTILES, type WindowSource } from '../dicom/displayLevels.js';
import { describeValues } from '../image/scaleValues.js';
import { countOf, shortList } from '../noteText.js';
import type { DatasetValues, ValuedImage, ValueOptions } from './datasetValues.js';

/** Whether an image comes from a DICOM file. */
export const isDicom = ({ facts }: ValuedImage): boolean => facts.format === 'dicom';

/**
 * Decides how the images of a data set with DICOM files become levels: through the window of each file, unless the model
 * or the options give one scale for all. Images of 8 bits may be among them, as somebody has exported them for display;
 * other depths are an issue, since it is not known how their values relate to those of the DICOM files.
 */
export function decideDicomValues(
  images: readonly ValuedImage[],
  { path, bits, valueRange, modelValues, window = 'file' }: ValueOptions,
): DatasetValues {
  const dicom = images.filter(isDicom);
  const others = images.filter((image) => !isDicom(image));
  const range = valueRange ?? (bits === undefined ? undefined : ([0, 2 ** bits - 1] as const));
  const values: PixelValues = modelValues ?? range ?? { window };
  const expected = values === '8-bit' || isWindow(values) ? 8 : 16;
  const mixed = findMixed(others, { path, expected, values });
  const notes = isWindow(values) ? describeWindows(dicom, values) : describeScale(dicom, values);
  const beside =
    others.length === 0 || mixed.length > 0
      ? []
      : [
          `${countOf(others.length, 'image')} with ${expected} bits beside ${countOf(dicom.length, 'DICOM image')}: ${others.length === 1 ? 'it is' : 'they are'} taken as ${expected === 8 ? 'already windowed for display' : 'values on the same scale'}.`,
        ];
  return {
    values,
    issues: [...mixed, ...(isWindow(values) ? findMissingWindows(dicom, values, path) : [])],
    notes: [...notes, ...beside],
  };
}

const isWindow = (values: PixelValues): values is FileWindow =>
  typeof values === 'object' && 'window' in values;

/** What an issue calls an image: unlike notes, issues are shown and not kept, so that the user finds the file. */
const nameOf = ({ id, namedId = id }: ValuedImage): string => namedId;

function findMixed(
  others: readonly ValuedImage[],
  { path, expected, values }: { path: string; expected: number; values: PixelValues },
): Issue[] {
  const unfitting = others.filter(({ facts }) => facts.depth !== expected);
  if (unfitting.length === 0) return [];
  return [
    {
      path,
      message: `mixes DICOM files with ${countOf(unfitting.length, 'image')} that ${unfitting.length === 1 ? 'does' : 'do'} not have ${expected} bits (${shortList(
        unfitting.map(nameOf),
        10,
      )}); the scale is ${describeValues(values)}. Their brightness cannot be compared`,
      hint: 'DICOM files alone, or with images of 8 bits as they are displayed',
    },
  ];
}

function findMissingWindows(
  dicom: readonly ValuedImage[],
  { window }: FileWindow,
  path: string,
): Issue[] {
  if (typeof window !== 'number') return [];
  const without = dicom.filter(
    ({ facts }) => facts.color === 'grey' && (facts.windows ?? 0) < window,
  );
  if (without.length === 0) return [];
  return [
    {
      path,
      message: `${countOf(without.length, 'DICOM image')} ${without.length === 1 ? 'has' : 'have'} no window ${window}: ${shortList(
        without.map(nameOf),
        10,
      )}`,
      hint: 'data.window: file, which takes what each file has',
    },
  ];
}

/** Where the levels of DICOM images come from. */
function describeWindows(dicom: readonly ValuedImage[], values: FileWindow): string[] {
  const gray = dicom.filter(({ facts }) => facts.color === 'grey');
  if (gray.length === 0) return [];
  if (values.window !== 'file')
    return [`Brightness: ${describeValues(values)} (${countOf(gray.length, 'image')}).`];
  const from = (source: WindowSource): ValuedImage[] =>
    gray.filter(({ facts }) => facts.windowSource === source);
  const parts = [
    [from('lookup table'), "its file's lookup table (VOI LUT)"],
    [from('window'), "its file's window"],
    [
      from('percentile'),
      `the percentiles ${PERCENTILES.join(' and ')} of its values, because its file has no window`,
    ],
  ] as const;
  const named = parts
    .filter(([images]) => images.length > 0)
    .map(([images, source]) =>
      images.length === gray.length
        ? source
        : `${source} (${countOf(images.length, 'image')}${source.includes('percentiles') ? `, such as ${images[0].id}` : ''})`,
    );
  return [
    `Brightness of each DICOM image: ${named.join('; ')}. data.valueRange sets one window for all, such as [-1000, 400] in Hounsfield units.`,
  ];
}

/** What a scale that is the same for all clips. */
function describeScale(dicom: readonly ValuedImage[], values: PixelValues): string[] {
  if (values === '8-bit')
    return [
      `${countOf(dicom.length, 'DICOM image')}: shown with the window of each file, and rounded to the 8 bits of the images the model was trained on.`,
    ];
  if (isWindow(values)) return [];
  const [black, white] = values;
  const clipped = dicom.filter(
    ({ facts }) =>
      facts.values !== undefined && (facts.values[0] < black || facts.values[1] > white),
  );
  const outside =
    clipped.length === 0
      ? ''
      : `; ${clipped.length.toLocaleString('en')} of them ${clipped.length === 1 ? 'has' : 'have'} values outside, which become black or white`;
  return [
    `${countOf(dicom.length, 'DICOM image')}: ${describeValues(values)}, black to white, after the rescale of each file${outside}.`,
  ];
}
