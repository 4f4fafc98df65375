import type { Augmentation } from './drawAugmentation.js';

/** Where an output pixel (x, y) comes from: (xx x + xy y + x0, yx x + yy y + y0). */
export interface PixelMap {
  readonly xx: number;
  readonly xy: number;
  readonly x0: number;
  readonly yx: number;
  readonly yy: number;
  readonly y0: number;
}

/** The steps of an augmentation, undone from the last to the first, as one map about the image's centre. */
export function sourceOf(
  { horizontalFlip, verticalFlip, diagonalFlip, angle }: Augmentation,
  { width, height }: { readonly width: number; readonly height: number },
): PixelMap {
  const [cosine, sine] = cosineAndSine(angle);
  // Rows of the linear part; an anticlockwise turn undone, y pointing down.
  let fromX = [cosine, -sine];
  let fromY = [sine, cosine];
  if (diagonalFlip === 'transpose' && width === height) [fromX, fromY] = [fromY, fromX];
  const halfTurn =
    diagonalFlip === 'half-turn' || (diagonalFlip === 'transpose' && width !== height);
  if (horizontalFlip !== halfTurn) fromX = fromX.map((value) => -value);
  if (verticalFlip !== halfTurn) fromY = fromY.map((value) => -value);
  const centre = [(width - 1) / 2, (height - 1) / 2];
  return {
    xx: fromX[0],
    xy: fromX[1],
    x0: centre[0] - fromX[0] * centre[0] - fromX[1] * centre[1],
    yx: fromY[0],
    yy: fromY[1],
    y0: centre[1] - fromY[0] * centre[0] - fromY[1] * centre[1],
  };
}

/** Exact at multiples of 90 degrees. */
function cosineAndSine(degrees: number): [number, number] {
  const quarter = (((degrees / 90) % 4) + 4) % 4;
  if (Number.isInteger(quarter))
    return (
      [
        [1, 0],
        [0, 1],
        [-1, 0],
        [0, -1],
      ] as [number, number][]
    )[quarter];
  const radians = (degrees * Math.PI) / 180;
  return [Math.cos(radians), Math.sin(radians)];
}
