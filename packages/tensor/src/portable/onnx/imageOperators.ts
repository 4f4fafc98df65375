import type { GraphCall } from '../portableGraph.js';
import { attribute } from './callDetails.js';
import type { Padding, Paddings } from './fusedPaddings.js';
import type { OnnxBuilder } from './onnxBuilder.js';

/** A convolution, of all channels (`Conv2D`) or of each by itself. */
export function convolution(call: GraphCall, builder: OnnxBuilder, paddings: Paddings): void {
  const { name, kernel, attributes, inputs, shapes } = call;
  const weights = builder.constantOf(inputs[1]);
  if (weights === undefined)
    throw new RangeError(`The weights of ${kernel} (${name}) are computed, not constant.`);
  const isDepthwise = kernel === 'DepthwiseConv2dNative';
  const [height, width, channels] = weights.shape;
  const { source, pads } = padded(call, paddings);
  const convolved = builder.add(
    'Conv',
    [
      builder.get(source, 'first'),
      // [h, w, in, out] -> [out, in, h, w], or [h, w, C, 1] -> [C, 1, h, w]
      builder.transposedConstant(weights, isDepthwise ? [2, 3, 0, 1] : [3, 2, 0, 1]),
    ],
    {
      kernel_shape: [height, width],
      strides: spatial(attribute(attributes, 'strides')),
      dilations: spatial(attribute(attributes, 'dilations')),
      pads,
      group: isDepthwise ? channels : 1,
    },
  );
  builder.define(name, shapes[0], { first: convolved });
}

/** The maximum over windows; what is outside the image is never the maximum. */
export function maxPool(call: GraphCall, builder: OnnxBuilder, paddings: Paddings): void {
  const { name, attributes, shapes } = call;
  const { source, pads } = padded(call, paddings);
  const pooled = builder.add('MaxPool', [builder.get(source, 'first')], {
    kernel_shape: spatial(attribute(attributes, 'ksize')),
    strides: spatial(attribute(attributes, 'strides')),
    pads,
  });
  builder.define(name, shapes[0], { first: pooled });
}

/** The image that an operation reads, and the padding that it does itself. */
function padded({ name, kernel, attributes, inputs }: GraphCall, paddings: Paddings): Padding {
  const padding = attribute(attributes, 'padding');
  if (padding !== 'VALID')
    throw new RangeError(`${kernel} (${name}) has the padding ${String(padding)}, not VALID.`);
  return paddings.get(inputs[0]) ?? { source: inputs[0], pads: [0, 0, 0, 0] };
}

/** Height and width of TensorFlow's [1, height, width, 1]. */
const spatial = (values: unknown): number[] => (values as number[]).slice(1, 3);
