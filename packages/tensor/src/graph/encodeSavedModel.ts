import { PbfWriter } from 'pbf';
import type { AttributeConstants, BindingAttribute } from '../native/kernelAttributes.js';
import type { KernelTrace } from './traceKernels.js';

/** The tag of the graph in the file. */
export const GRAPH_TAG = 'graph';

/** Version of graphs that TensorFlow 2.21 writes. */
const PRODUCER = 2000;

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

interface GraphNode {
  readonly name: string;
  readonly kernel: string;
  readonly inputs: readonly string[];
  readonly attributes: readonly BindingAttribute[];
}

function writeNode(
  writer: PbfWriter,
  { name, kernel, inputs, attributes }: GraphNode,
  constants: AttributeConstants,
): void {
  writer.writeStringField(1, name);
  writer.writeStringField(2, kernel);
  inputs.forEach((input) => writer.writeStringField(3, input));
  for (const attribute of attributes) {
    message(writer, 5, (entry) => {
      entry.writeStringField(1, attribute.name);
      message(entry, 2, (value) => writeValue(value, attribute, constants));
    });
  }
}

function writeValue(
  writer: PbfWriter,
  { name, type, value }: BindingAttribute,
  constants: AttributeConstants,
): void {
  if (Array.isArray(value) && type !== constants.TF_ATTR_INT && type !== constants.TF_ATTR_SHAPE)
    throw new RangeError(
      `the attribute ${name} is a list, which a graph cannot have: ${value.join(', ')}`,
    );
  switch (type) {
    case constants.TF_ATTR_STRING:
      return writer.writeStringField(2, value as string);
    case constants.TF_ATTR_INT:
      return Array.isArray(value)
        ? message(writer, 1, (list) => list.writePackedVarint(3, value as number[]))
        : writer.writeVarintField(3, value as number);
    case constants.TF_ATTR_FLOAT:
      return writer.writeFloatField(4, value as number);
    case constants.TF_ATTR_BOOL:
      return writer.writeBooleanField(5, value as boolean);
    case constants.TF_ATTR_TYPE:
      return writer.writeVarintField(6, value as number);
    case constants.TF_ATTR_SHAPE:
      return message(writer, 7, (shape) =>
        (value as readonly number[]).forEach((size) =>
          message(shape, 2, (dimension) => dimension.writeVarintField(1, size)),
        ),
      );
    default:
      throw new RangeError(`the attribute ${name} has a type that a graph cannot have: ${type}`);
  }
}

function message(writer: PbfWriter, field: number, write: (writer: PbfWriter) => void): void {
  writer.writeMessage(field, (_, inner) => write(inner), undefined);
}
