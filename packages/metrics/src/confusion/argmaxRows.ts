/**
 * Index of the largest value of each row of [rows, classes], the first one on ties; [rows].
 * @throws RangeError at a NaN, with its index.
 */
export function argmaxRows(values: ArrayLike<number>, classes: number): Int32Array {
  return Int32Array.from({ length: values.length / classes }, (_, row) => {
    let best = 0;
    for (let c = 0; c < classes; c++) {
      const value = values[row * classes + c];
      if (Number.isNaN(value))
        throw new RangeError(`The value at [${row}, ${c}] is NaN: its row has no largest one.`);
      if (value > values[row * classes + best]) best = c;
    }
    return best;
  });
}
