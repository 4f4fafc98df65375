import { InputError, type ViewsChoice } from '@nonlocal-med/core';

/** Which views of an image are predicted and averaged. */
export type TestTimeAugmentation = ViewsChoice;

/** A symmetry: rows and columns are exchanged first, then the image is mirrored. */
export interface View {
  readonly transpose: boolean;
  readonly flipRows: boolean;
  readonly flipColumns: boolean;
}

/** The views of a {@link TestTimeAugmentation}; the first is the image itself, the only one without augmentation. */
export function viewsOf(tta: TestTimeAugmentation | undefined): View[] {
  const both = [false, true];
  const transposes = tta === 'd4' ? both : [false];
  const flips = tta === undefined ? [false] : both;
  return transposes.flatMap((transpose) =>
    flips.flatMap((flipRows) => flips.map((flipColumns) => ({ transpose, flipRows, flipColumns }))),
  );
}

/**
 * Refuses rotations of images that are not square: they would have another size than the network takes.
 * @param size height and width of the images that the network gets
 * @throws InputError with the size
 */
export function requireViews(
  tta: TestTimeAugmentation | undefined,
  [height, width]: readonly [number, number],
  name: string,
): void {
  if (tta === 'd4' && height !== width)
    throw new InputError({
      path: '--tta',
      message: `got "d4", whose rotations by 90 degrees turn the ${height} x ${width} images (height x width) of ${name} into ${width} x ${height}, which the network does not take`,
      hint: 'flips',
    });
}

/**
 * A view of a batch of images.
 * @param images [count, height, width, 3]
 * @returns a new array of the same shape
 */
export function applyView(
  images: Float32Array,
  [count, height, width]: readonly [number, number, number, number],
  { transpose, flipRows, flipColumns }: View,
): Float32Array {
  const result = new Float32Array(images.length);
  let target = 0;
  for (let image = 0; image < count; image++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const [toRow, toColumn] = [flipRows ? height - 1 - y : y, flipColumns ? width - 1 - x : x];
        const [row, column] = transpose ? [toColumn, toRow] : [toRow, toColumn];
        const source = 3 * ((image * height + row) * width + column);
        result[target++] = images[source];
        result[target++] = images[source + 1];
        result[target++] = images[source + 2];
      }
  return result;
}
