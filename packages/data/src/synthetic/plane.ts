/** A square plane of values, row-major. */
export interface Plane {
  readonly size: number;
  readonly data: Float32Array;
}

export function emptyPlane(size: number): Plane {
  return { size, data: new Float32Array(size * size) };
}
