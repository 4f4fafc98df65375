import type { GraphCall } from '../portableGraph.js';
import type { OnnxBuilder } from './onnxBuilder.js';

/** Pixels around an image, as ONNX has them. */
export interface Padding {
  /** What is padded. */
  readonly source: string;
  /** Top, left, bottom, right. */
  readonly pads: readonly [number, number, number, number];
}

/** Paddings that the operators behind them do themselves, by the name of the padding's call. */
export type Paddings = ReadonlyMap<string, Padding>;

/** The value around the image that an operator of ONNX computes with. */
const PADDED_WITH: Readonly<Record<string, number>> = {
  Conv2D: 0,
  DepthwiseConv2dNative: 0,
  MaxPool: -Infinity,
};

/** Finds the paddings of images that only convolutions (zeros) or only pools (minus infinity) read. */
export function fusedPaddings(
  calls: readonly GraphCall[],
  builder: OnnxBuilder,
): { readonly paddings: Paddings; readonly isFused: (call: GraphCall) => boolean } {
  const paddings = new Map<string, Padding>();
  for (const call of calls) {
    if (call.kernel !== 'PadV2') continue;
    const [source, amounts, value] = call.inputs;
    const around = [...(builder.constantOf(amounts)?.values ?? [])];
    const filling = builder.constantOf(value)?.values[0];
    const consumers = calls.filter(({ inputs }) => inputs.includes(call.name));
    const isImage = around.length === 8 && [0, 1, 6, 7].every((i) => around[i] === 0);
    if (isImage && consumers.every(({ kernel }) => PADDED_WITH[kernel] === filling)) {
      const [, , top, bottom, left, right] = around;
      paddings.set(call.name, { source, pads: [top, left, bottom, right] });
    }
  }
  return { paddings, isFused: ({ name }) => paddings.has(name) };
}
