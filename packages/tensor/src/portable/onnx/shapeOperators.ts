import * as tf from '@tensorflow/tfjs-core';
import type { GraphCall } from '../portableGraph.js';
import { attribute, commonOrder, constantValues } from './callDetails.js';
import { axisIn, type OnnxBuilder } from './onnxBuilder.js';

/** An end that is never reached: the largest 32-bit integer. */
const END = 2 ** 31 - 1;

/** [B, H, W, C] with values around it. */
export function pad(call: GraphCall, builder: OnnxBuilder): void {
  const { name, inputs, shapes } = call;
  const amounts = constantValues(call, 1, builder);
  const before = amounts.filter((_, i) => i % 2 === 0);
  const after = amounts.filter((_, i) => i % 2 === 1);
  const padded = builder.add('Pad', [
    builder.get(inputs[0], 'last'),
    builder.ints([...before, ...after]),
    builder.floats([], Float32Array.from(constantValues(call, 2, builder))),
  ]);
  builder.define(name, shapes[0], { last: padded });
}

/**
 * Another shape for the same values. Channels that are paired, [B, H, W, C, n] -> [B, H, W, C n], stay first.
 */
export function reshape({ name, inputs, shapes }: GraphCall, builder: OnnxBuilder): void {
  const [from, to] = [builder.shapeOf(inputs[0]), shapes[0]];
  const keepsPixels =
    from.length === 5 && to.length === 4 && tf.util.arraysEqual(from.slice(0, 3), to.slice(0, 3));
  if (builder.hasFirst(inputs[0]) && keepsPixels) {
    const [batch, height, width, channels] = to;
    const target = builder.ints([batch, channels, height, width]);
    const first = builder.add('Reshape', [builder.get(inputs[0], 'first'), target]);
    return builder.define(name, to, { first });
  }
  const last = builder.add('Reshape', [builder.get(inputs[0], 'last'), builder.ints(to)]);
  builder.define(name, to, { last });
}

/** The axes in another order. */
export function transpose(call: GraphCall, builder: OnnxBuilder): void {
  const perm = constantValues(call, 1, builder);
  const last = builder.add('Transpose', [builder.get(call.inputs[0], 'last')], { perm });
  builder.define(call.name, call.shapes[0], { last });
}

/** Tensors one after the other along an axis, the last input. */
export function concatenate(call: GraphCall, builder: OnnxBuilder): void {
  const { name, inputs, shapes } = call;
  const [axis] = constantValues(call, inputs.length - 1, builder);
  const parts = inputs.slice(0, -1);
  const order = commonOrder(call, parts, builder);
  const joined = builder.add(
    'Concat',
    parts.map((part) => builder.get(part, order)),
    { axis: axisIn(order, axis, shapes[0].length) },
  );
  builder.define(name, shapes[0], { [order]: joined });
}

/** Tensors one after the other along a new axis. */
export function pack(call: GraphCall, builder: OnnxBuilder): void {
  const { name, attributes, inputs, shapes } = call;
  const rank = shapes[0].length;
  const behindChannels = rank === 5 && attribute(attributes, 'axis') === 4;
  const order =
    behindChannels && inputs.some((source) => builder.hasFirst(source)) ? 'first' : 'last';
  const axis = axisIn(order, attribute(attributes, 'axis') as number, rank);
  const parts = inputs.map((source) =>
    builder.add('Unsqueeze', [builder.get(source, order), builder.ints([axis])]),
  );
  builder.define(name, shapes[0], { [order]: builder.add('Concat', parts, { axis }) });
}

/** A part of a tensor: from `begin`, `size` values along each axis; -1 for all. */
export function slice(call: GraphCall, builder: OnnxBuilder): void {
  const { name, inputs, shapes } = call;
  const [begin, size] = [1, 2].map((input) => constantValues(call, input, builder));
  const whole = builder.shapeOf(inputs[0]);
  const order = builder.hasFirst(inputs[0]) ? 'first' : 'last';
  const cut = whole.flatMap((length, axis) => {
    const isWhole = begin[axis] === 0 && (size[axis] === -1 || size[axis] === length);
    const end = size[axis] === -1 ? END : begin[axis] + size[axis];
    return isWhole ? [] : [{ axis: axisIn(order, axis, whole.length), start: begin[axis], end }];
  });
  const part = builder.get(inputs[0], order);
  const sliced =
    cut.length === 0
      ? part
      : builder.add('Slice', [
          part,
          builder.ints(cut.map(({ start }) => start)),
          builder.ints(cut.map(({ end }) => end)),
          builder.ints(cut.map(({ axis }) => axis)),
        ]);
  builder.define(name, shapes[0], { [order]: sliced });
}

/** A tensor cut into parts along an axis. */
export function split(call: GraphCall, builder: OnnxBuilder): void {
  const { name, inputs, shapes } = call;
  const [sizes, [axis]] = [1, 2].map((input) => constantValues(call, input, builder));
  const order = builder.hasFirst(inputs[0]) ? 'first' : 'last';
  const parts = builder.addMany('Split', {
    inputs: [builder.get(inputs[0], order), builder.ints(sizes)],
    attributes: { axis: axisIn(order, axis, builder.shapeOf(inputs[0]).length) },
    outputs: sizes.length,
  });
  parts.forEach((part, i) =>
    builder.define(i === 0 ? name : `${name}:${i}`, shapes[i], { [order]: part }),
  );
}
