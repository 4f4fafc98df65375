import type { GraphCall } from '../portableGraph.js';
import { attribute, commonOrder, constantValues } from './callDetails.js';
import type { Paddings } from './fusedPaddings.js';
import { convolution, maxPool } from './imageOperators.js';
import { axisIn, type OnnxBuilder } from './onnxBuilder.js';
import type { OnnxAttributes } from './onnxFile.js';
import { concatenate, pack, pad, reshape, slice, split, transpose } from './shapeOperators.js';

/** Writes the operators of ONNX that do what a call of one of TensorFlow's kernels does. */
export type WriteOperator = (call: GraphCall, builder: OnnxBuilder, paddings: Paddings) => void;

/** Every kernel that the models call at inference, with fast paths off. */
export const operators: Readonly<Record<string, WriteOperator>> = {
  Add: elementwise('Add'),
  AddV2: elementwise('Add'),
  Sub: elementwise('Sub'),
  Mul: elementwise('Mul'),
  RealDiv: elementwise('Div'),
  Relu: elementwise('Relu'),
  Sigmoid: elementwise('Sigmoid'),
  LeakyRelu: elementwise('LeakyRelu', ({ attributes }) => ({
    alpha: { float: attribute(attributes, 'alpha') as number },
  })),
  Cast: alias,
  Identity: alias,
  Conv2D: convolution,
  DepthwiseConv2dNative: convolution,
  MaxPool: maxPool,
  Mean: reduction('ReduceMean'),
  Max: reduction('ReduceMax'),
  BatchMatMulV2: product,
  Softmax: ({ name, shapes, inputs: [x] }, builder) =>
    builder.define(name, shapes[0], {
      last: builder.add('Softmax', [builder.get(x, 'last')], { axis: -1 }),
    }),
  GatherV2: gather,
  PadV2: pad,
  Reshape: reshape,
  Transpose: transpose,
  ConcatV2: concatenate,
  Pack: pack,
  Slice: slice,
  SplitV: split,
};

function elementwise(
  type: string,
  attributesOf: (call: GraphCall) => OnnxAttributes = () => ({}),
): WriteOperator {
  return (call, builder) => {
    const order = call.shapes[0].length === 4 ? commonOrder(call, call.inputs, builder) : 'last';
    const inputs = call.inputs.map((source) => builder.get(source, order));
    builder.define(call.name, call.shapes[0], {
      [order]: builder.add(type, inputs, attributesOf(call)),
    });
  };
}

/** What changes no value: a cast from float to float. */
function alias(call: GraphCall, builder: OnnxBuilder): void {
  const { name, kernel, attributes, inputs, shapes } = call;
  const [from, to] = ['SrcT', 'DstT'].map((type) => attribute(attributes, type));
  if (from !== to)
    throw new RangeError(`The operation ${kernel} (${name}) changes the type of its values.`);
  const order = builder.hasFirst(inputs[0]) ? 'first' : 'last';
  builder.define(name, shapes[0], { [order]: builder.get(inputs[0], order) });
}

/** Mean or maximum over axes. */
function reduction(type: string): WriteOperator {
  return (call, builder) => {
    const { name, attributes, inputs, shapes } = call;
    const rank = builder.shapeOf(inputs[0]).length;
    const axes = constantValues(call, 1, builder).map((axis) => axisIn('last', axis, rank));
    const keep = attribute(attributes, 'keep_dims') === true;
    // Without their axes, the others keep their order only if all of height and width, or the channels, go.
    const keepsOrder = keep || ['1,2', '3'].includes([...axes].sort().join());
    const order = builder.hasFirst(inputs[0]) && keepsOrder ? 'first' : 'last';
    const reduced = builder.add(type, [builder.get(inputs[0], order)], {
      axes: axes.map((axis) => axisIn(order, axis, rank)).sort((a, b) => a - b),
      keepdims: Number(keep),
    });
    builder.define(name, shapes[0], { [keep ? order : 'last']: reduced });
  };
}

/** A product of matrices, or of batches of them; a batch of one matrix is repeated. */
function product(call: GraphCall, builder: OnnxBuilder): void {
  const { name, attributes, inputs, shapes } = call;
  const factors = inputs.map((source, i) => {
    const transposed = attribute(attributes, i === 0 ? 'adj_x' : 'adj_y') === true;
    const rank = builder.shapeOf(source).length;
    const axes = Array.from({ length: rank }, (_, axis) => axis);
    [axes[rank - 2], axes[rank - 1]] = [rank - 1, rank - 2];
    const factor = builder.get(source, 'last');
    return transposed ? builder.add('Transpose', [factor], { perm: axes }) : factor;
  });
  builder.define(name, shapes[0], { last: builder.add('MatMul', factors) });
}

/** Entries at constant positions along an axis. */
function gather(call: GraphCall, builder: OnnxBuilder): void {
  const { name, inputs, shapes } = call;
  const [positions, [axis]] = [1, 2].map((input) => constantValues(call, input, builder));
  const gathered = builder.add(
    'Gather',
    [builder.get(inputs[0], 'last'), builder.ints(positions)],
    {
      axis,
    },
  );
  builder.define(name, shapes[0], { last: gathered });
}
