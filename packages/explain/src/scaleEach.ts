/** Each image's map minus its minimum, over (1e-7 + its maximum), as pytorch-grad-cam scales; maps [count, ...] in one array. */
export function scaleEach(maps: Float32Array, count: number): Float32Array {
  const size = maps.length / count;
  const scaled = new Float32Array(maps.length);
  for (let image = 0; image < count; image++) {
    const from = image * size;
    let minimum = Infinity;
    let maximum = -Infinity;
    for (let i = from; i < from + size; i++) {
      minimum = Math.min(minimum, maps[i]);
      maximum = Math.max(maximum, maps[i]);
    }
    for (let i = from; i < from + size; i++)
      scaled[i] = (maps[i] - minimum) / (1e-7 + (maximum - minimum));
  }
  return scaled;
}
