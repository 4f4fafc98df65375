import type { KernelAttributes } from '../native/kernelAttributes.js';
import type { SlidingWindow } from './slidingWindow.js';

/** Pixels before and after, for rows and for columns. */
type Padding = readonly [readonly [number, number], readonly [number, number]];

/**
 * The padding that the window actually reads. Rows and columns at the far end that no window reaches are left out (386
 * pixels, window 7, stride 2, padding 3: 3 before, 2 after), because oneDNN requires the sizes to match exactly.
 */
export function effectivePadding({ input, size, stride, padding, output }: SlidingWindow): Padding {
  const [rows, columns] = output.map(
    (length, axis) =>
      [
        padding,
        Math.max(0, (length - 1) * stride + size[axis] - input[axis + 1] - padding),
      ] as const,
  );
  return [rows, columns];
}

/** The padding as VALID or SAME, the attributes that oneDNN's kernels support in both directions; undefined if it is neither. */
export function namedPadding(window: SlidingWindow): KernelAttributes | undefined {
  const padding = effectivePadding(window);
  if (padding.flat().every((pixels) => pixels === 0)) return { padding: 'VALID' };
  const isSame = padding.every(([before, after], axis) => {
    const length = window.input[axis + 1];
    const total = Math.max(
      (Math.ceil(length / window.stride) - 1) * window.stride + window.size[axis] - length,
      0,
    );
    return (
      window.output[axis] === Math.ceil(length / window.stride) &&
      before === Math.floor(total / 2) &&
      after === total - before
    );
  });
  return isSame ? { padding: 'SAME' } : undefined;
}

/** The padding as attributes that all of TensorFlow's plain kernels support. */
export function explicitPadding(window: SlidingWindow): KernelAttributes {
  const [[top, bottom], [left, right]] = effectivePadding(window);
  return (
    namedPadding(window) ?? {
      padding: 'EXPLICIT',
      explicit_paddings: [0, 0, top, bottom, left, right, 0, 0],
    }
  );
}
