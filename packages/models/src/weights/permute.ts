/** Row-major values with their axes in another order: result axis i is the source's axis `order[i]`. */
export function permute(
  values: Float32Array,
  shape: readonly number[],
  order: readonly number[],
): Float32Array {
  const strides = shape.map((_, axis) =>
    shape.slice(axis + 1).reduce((product, size) => product * size, 1),
  );
  const sizes = order.map((axis) => shape[axis]);
  const steps = order.map((axis) => strides[axis]);
  const result = new Float32Array(values.length);
  const last = order.length - 1;
  let written = 0;
  const walk = (axis: number, from: number): void => {
    for (let i = 0, at = from; i < sizes[axis]; i++, at += steps[axis]) {
      if (axis === last) result[written++] = values[at];
      else walk(axis + 1, at);
    }
  };
  walk(0, 0);
  return result;
}
