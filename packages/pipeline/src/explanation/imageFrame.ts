import type { Pixels, PixelValues, Preprocessing, Sample } from '@nonlocal-med/core';
import { type Box, decodeImage, fitGeometry, toEightBits } from '@nonlocal-med/data';

type Fitting = Pick<Preprocessing, 'size' | 'fit' | 'values'>;
type ImageOfSample = Pick<Sample, 'id' | 'file' | 'frame' | 'pixels'>;

/**
 * The decoded image of a sample, at its own size, with 8 bits.
 * @param values the scale of the values in its file, as in the preprocessing
 */
export async function loadOriginal(
  { id, file, frame, pixels }: ImageOfSample,
  values: PixelValues | undefined,
): Promise<Pixels> {
  const original =
    pixels ?? (file === undefined ? undefined : await decodeImage(file, { values, frame }));
  if (original === undefined) throw new Error(`Sample "${id}" has neither a file nor pixels.`);
  return { ...original, data: toEightBits(original.data) };
}

/**
 * A lesion mask in the frame of the network's input: cropped and with bars as `fit` does with its image, but not resized,
 * so that small lesions are kept.
 * @param mask of the size of the sample's image, or of another size with the same content
 */
export async function maskInInput(
  mask: Pixels,
  sample: ImageOfSample,
  preprocessing: Fitting,
): Promise<Pixels> {
  if ((preprocessing.fit ?? 'stretch') === 'stretch') return mask;
  const image = await loadOriginal(sample, preprocessing.values);
  const { source, target } = fitGeometry(image, preprocessing);
  const [across, down] = [mask.width / image.width, mask.height / image.height];
  const part: Box = {
    left: Math.round(source.left * across),
    top: Math.round(source.top * down),
    width: Math.max(1, Math.round(source.width * across)),
    height: Math.max(1, Math.round(source.height * down)),
  };
  const [height, width] = preprocessing.size;
  const frame: Box = {
    left: Math.round((target.left * part.width) / target.width),
    top: Math.round((target.top * part.height) / target.height),
    width: Math.round((width * part.width) / target.width),
    height: Math.round((height * part.height) / target.height),
  };
  return moveBox(mask, part, frame);
}

/** The part of a mask, placed in a larger frame of zeros. */
function moveBox(mask: Pixels, part: Box, frame: Box): Pixels {
  const data = new Uint8Array(frame.width * frame.height);
  const columns = Math.min(part.width, mask.width - part.left, frame.width - frame.left);
  const rows = Math.min(part.height, mask.height - part.top, frame.height - frame.top);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      const from = ((part.top + y) * mask.width + part.left + x) * mask.channels;
      const inside = mask.data.subarray(from, from + mask.channels).some((value) => value > 0);
      data[(frame.top + y) * frame.width + frame.left + x] = Number(inside);
    }
  return { data, width: frame.width, height: frame.height, channels: 1 };
}
