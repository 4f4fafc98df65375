import type { GraphCall } from '../portableGraph.js';
import type { OnnxBuilder, Order } from './onnxBuilder.js';

/** The value of an attribute. */
export function attribute(attributes: GraphCall['attributes'], name: string): unknown {
  return attributes.find((candidate) => candidate.name === name)?.value;
}

/** The values of an input that has to be a constant. */
export function constantValues(call: GraphCall, input: number, builder: OnnxBuilder): number[] {
  const constant = builder.constantOf(call.inputs[input]);
  if (constant !== undefined) return [...constant.values];
  throw new RangeError(
    `Input ${input} of ${call.kernel} (${call.name}) is computed; ONNX files here need a constant.`,
  );
}

/** The order that an operation on all its inputs is done in: channels first if one of them has them there. */
export function commonOrder(
  call: GraphCall,
  inputs: readonly string[],
  builder: OnnxBuilder,
): Order {
  const rank = call.shapes[0].length;
  const isImage = (source: string): boolean =>
    builder.constantOf(source) !== undefined || builder.shapeOf(source).length === rank;
  return inputs.some((source) => builder.hasFirst(source)) && inputs.every(isImage)
    ? 'first'
    : 'last';
}
