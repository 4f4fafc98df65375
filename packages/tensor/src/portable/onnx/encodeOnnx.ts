import type { GraphCall, PortableGraph } from '../portableGraph.js';
import { fusedPaddings } from './fusedPaddings.js';
import { OnnxBuilder } from './onnxBuilder.js';
import { encodeOnnxFile } from './onnxFile.js';
import { operators } from './operators.js';

/** What an ONNX file says about itself. */
export interface OnnxOptions {
  /** Name of the graph. */
  readonly name: string;
  /** Version of the program that writes the file. */
  readonly producerVersion: string;
  /** Texts by name, `metadata_props`. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * A graph as the bytes of an ONNX file (opset 17). Inputs and outputs keep their names and their order of axes (channels
 * last); the convolutions inside have ONNX's. Equal graphs and options give equal bytes.
 * @throws RangeError if the graph has an operation that is not known here
 */
export function encodeOnnx(
  { inputs, constants, calls, outputs }: PortableGraph,
  { name, producerVersion, metadata = {} }: OnnxOptions,
): Uint8Array<ArrayBuffer> {
  const builder = new OnnxBuilder(constants);
  for (const input of inputs) builder.define(input.name, input.shape, { last: input.name });
  const { paddings, isFused } = fusedPaddings(calls, builder);
  for (const call of calls) {
    if (isFused(call)) continue;
    const write = Object.hasOwn(operators, call.kernel) ? operators[call.kernel] : undefined;
    if (write === undefined) throw unknownKernel(call);
    write(call, builder, paddings);
  }
  for (const output of outputs)
    builder.nodes.push({
      type: 'Identity',
      inputs: [builder.get(output.source, 'last')],
      outputs: [output.name],
      attributes: {},
    });
  const { nodes, tensors } = builder;
  return encodeOnnxFile({ name, producerVersion, inputs, outputs, tensors, nodes, metadata });
}

const unknownKernel = ({ kernel, name }: GraphCall): RangeError =>
  new RangeError(
    `The operation ${kernel} (${name}) has no counterpart in ONNX here; known are ${Object.keys(operators).sort().join(', ')}.`,
  );
