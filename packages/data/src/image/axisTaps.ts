/** Which inputs make each output along one axis: output i sums `weights[first..last)` times inputs from `start` on. */
export interface AxisTaps {
  readonly length: number;
  /** First input of each output, [length]. */
  readonly start: Int32Array;
  /** Where each output's weights begin, [length + 1]. */
  readonly first: Int32Array;
  readonly weights: Float64Array;
}

/** Mean over the inputs that each output covers, the outer ones by their covered share (OpenCV's INTER_AREA, shrinking). */
export function areaTaps(from: number, to: number): AxisTaps {
  const scale = from / to;
  return collect(to, (i) => {
    const begin = i * scale;
    const end = Math.min(begin + scale, from);
    const inner = Math.min(Math.ceil(begin), from);
    const outer = Math.max(Math.min(Math.floor(end), from), inner);
    const weights: number[] = [];
    // shares below a thousandth are rounding, as in OpenCV
    const before = inner - begin > 1e-3;
    if (before) weights.push((inner - begin) / (end - begin));
    for (let j = inner; j < outer; j++) weights.push(1 / (end - begin));
    if (end - outer > 1e-3) weights.push((end - outer) / (end - begin));
    return { start: before ? inner - 1 : inner, weights };
  });
}

/** The two nearest inputs, pixel centres at half; the edge pixel is repeated (OpenCV's INTER_LINEAR). */
export function bilinearTaps(from: number, to: number): AxisTaps {
  return collect(to, (i) => {
    const position = Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1);
    const start = Math.floor(position);
    return {
      start,
      weights: position === start ? [1] : [1 - (position - start), position - start],
    };
  });
}

function collect(
  length: number,
  tapsOf: (output: number) => { start: number; weights: number[] },
): AxisTaps {
  const start = new Int32Array(length);
  const first = new Int32Array(length + 1);
  const weights: number[] = [];
  for (let i = 0; i < length; i++) {
    const taps = tapsOf(i);
    start[i] = taps.start;
    weights.push(...taps.weights);
    first[i + 1] = weights.length;
  }
  return { length, start, first, weights: Float64Array.from(weights) };
}
