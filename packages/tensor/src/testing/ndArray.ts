/** A float64 array in row-major order, on which the reference implementations compute. */
export class NdArray {
  constructor(
    readonly shape: readonly number[],
    readonly data: Float64Array = new Float64Array(shape.reduce((a, b) => a * b, 1)),
  ) {}

  /** Position of an index in `data`. */
  at(...index: number[]): number {
    return index.reduce((offset, i, axis) => offset * this.shape[axis] + i, 0);
  }

  get(...index: number[]): number {
    return this.data[this.at(...index)];
  }

  add(value: number, ...index: number[]): void {
    this.data[this.at(...index)] += value;
  }

  /** A new array of `shape`, each value computed from its index. */
  static from(shape: readonly number[], value: (...index: number[]) => number): NdArray {
    const result = new NdArray(shape);
    const index = shape.map(() => 0);
    for (let i = 0; i < result.data.length; i++) {
      result.data[i] = value(...index);
      for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--)
        index[axis] = 0;
    }
    return result;
  }

  /** Distinct values between -1 and 1 from a multiplicative sequence, the same for the same arguments, and exact in float32. */
  static noise(shape: readonly number[], seed: number): NdArray {
    let state = (seed * 2654435761) >>> 0;
    return NdArray.from(shape, () => {
      state = (Math.imul(state ^ (state >>> 15), 2246822519) + 3266489917) >>> 0;
      return Math.fround(state / 2 ** 31 - 1);
    });
  }
}
