import { PbfWriter } from 'pbf';
import type { AttributeConstants, BindingAttribute } from '../native/kernelAttributes.js';
import { type GraphNode, message, writeNode } from './graphNode.js';
import type { KernelTrace } from './traceKernels.js';

/** The tag of the graph in the file. */
export const GRAPH_TAG = 'graph';

/** Version of graphs that TensorFlow 2.21 writes. */
export const PRODUCER = 2000;

/**
 * Encodes a trace as the file `saved_model.pb` (tensorflow/core/protobuf/saved_model.proto, framework/graph.proto). Its
 * outputs are named `o0`, `o1`, ...
 *
 * Each call waits for the previous one. Otherwise TensorFlow would start everything whose inputs are ready, and hold all
 * the results: every block of an attention at once.
 * @throws RangeError if an attribute has a type that a graph cannot have
 */
export function encodeSavedModel(
  { placeholders, calls, outputs }: KernelTrace,
  constants: AttributeConstants,
): Uint8Array<ArrayBuffer> {
  const file = new PbfWriter();
  const type = (value: number): BindingAttribute => ({
    name: 'dtype',
    type: constants.TF_ATTR_TYPE,
    value,
  });
  const nodes: GraphNode[] = [
    ...placeholders.map(({ name, dtype, shape }) => ({
      name,
      kernel: 'Placeholder',
      inputs: [],
      attributes: [type(dtype), { name: 'shape', type: constants.TF_ATTR_SHAPE, value: shape }],
    })),
    ...calls.map((call, i) =>
      i === 0 ? call : { ...call, inputs: [...call.inputs, `^${calls[i - 1].name}`] },
    ),
    ...outputs.map(({ source, dtype }, i) => ({
      name: `o${i}`,
      kernel: 'Identity',
      inputs: [source],
      attributes: [{ ...type(dtype), name: 'T' }],
    })),
  ];
  file.writeVarintField(1, 1); // saved_model_schema_version
  message(file, 2, (metaGraph) => {
    message(metaGraph, 1, (info) => info.writeStringField(4, GRAPH_TAG));
    message(metaGraph, 2, (graph) => {
      nodes.forEach((node) => message(graph, 1, (writer) => writeNode(writer, node, constants)));
      message(graph, 4, (versions) => versions.writeVarintField(1, PRODUCER));
    });
  });
  return file.finish() as Uint8Array<ArrayBuffer>;
}
