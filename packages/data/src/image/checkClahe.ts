/** How CLAHE divides and limits, in OpenCV's terms, and the plane it is given. */
export interface ClaheOptions {
  readonly width: number;
  readonly height: number;
  /** Contrast limit in multiples of an even histogram's bin; 0 does not limit. */
  readonly clipLimit?: number;
  readonly tilesX?: number;
  readonly tilesY?: number;
}

/** Refuses sizes, tiles and limits that mean nothing. @throws RangeError with the value. */
export function checkClahe(
  plane: { readonly length: number },
  { width, height, clipLimit, tilesX, tilesY }: Required<ClaheOptions>,
): void {
  for (const [name, value] of Object.entries({ width, height, tilesX, tilesY })) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`CLAHE takes a whole ${name} of at least 1, got ${value}.`);
  }
  if (plane.length !== width * height)
    throw new RangeError(
      `CLAHE got a plane of ${plane.length} values for ${width} x ${height} pixels.`,
    );
  if (!(clipLimit >= 0 && clipLimit < Infinity))
    throw new RangeError(
      `CLAHE takes a clip limit of at least 0 (0 does not limit), got ${clipLimit}.`,
    );
}
