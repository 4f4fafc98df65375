import { PbfWriter } from 'pbf';
import { message } from '../../graph/graphNode.js';
import type { GraphValue } from '../portableGraph.js';

/** Version of the operators, and of the file format that belongs to it; read by ONNX Runtime 1.12 and later. */
export const ONNX_OPSET = 17;
const IR_VERSION = 8;

/** The name of the free axis in the file. */
const BATCH = 'batch';

/** An attribute of an operator: integers, unless it is marked as a float. */
type OnnxAttribute = number | readonly number[] | { readonly float: number };

/** Attributes of an operator by name. */
export type OnnxAttributes = Readonly<Record<string, OnnxAttribute>>;

/** One operator of a graph. */
export interface OnnxNode {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: OnnxAttributes;
}

/** A constant tensor: float32, or int64 for what an operator is told. */
export interface OnnxTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array | BigInt64Array;
}

/** What an ONNX file contains. */
export interface OnnxFile {
  readonly name: string;
  readonly producerVersion: string;
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  readonly tensors: readonly OnnxTensor[];
  readonly nodes: readonly OnnxNode[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** Codes of onnx.proto. */
const FLOAT = 1;
const INT64 = 7;
const ATTRIBUTE = { float: 1, int: 2, ints: 7 } as const;

/** Encodes an ONNX file (onnx/onnx.proto). Equal contents give equal bytes. */
export function encodeOnnxFile({
  name,
  producerVersion,
  inputs,
  outputs,
  tensors,
  nodes,
  metadata,
}: OnnxFile): Uint8Array<ArrayBuffer> {
  const file = new PbfWriter();
  file.writeVarintField(1, IR_VERSION);
  file.writeStringField(2, 'nonlocal-med');
  file.writeStringField(3, producerVersion);
  message(file, 7, (graph) => {
    nodes.forEach((node, i) => message(graph, 1, (writer) => writeNode(writer, node, i)));
    graph.writeStringField(2, name);
    tensors.forEach((tensor) => message(graph, 5, (writer) => writeTensor(writer, tensor)));
    inputs.forEach((value) => message(graph, 11, (writer) => writeValue(writer, value)));
    outputs.forEach((value) => message(graph, 12, (writer) => writeValue(writer, value)));
  });
  message(file, 8, (opset) => opset.writeVarintField(2, ONNX_OPSET));
  for (const [key, value] of Object.entries(metadata))
    message(file, 14, (entry) => {
      entry.writeStringField(1, key);
      entry.writeStringField(2, value);
    });
  return file.finish() as Uint8Array<ArrayBuffer>;
}

function writeNode(
  writer: PbfWriter,
  { type, inputs, outputs, attributes }: OnnxNode,
  index: number,
): void {
  inputs.forEach((input) => writer.writeStringField(1, input));
  outputs.forEach((output) => writer.writeStringField(2, output));
  writer.writeStringField(3, `${type}_${index}`);
  writer.writeStringField(4, type);
  for (const [name, value] of Object.entries(attributes))
    message(writer, 5, (attribute) => {
      attribute.writeStringField(1, name);
      if (typeof value === 'number') {
        attribute.writeVarintField(3, value);
        attribute.writeVarintField(20, ATTRIBUTE.int);
      } else if ('float' in value) {
        attribute.writeFloatField(2, value.float);
        attribute.writeVarintField(20, ATTRIBUTE.float);
      } else {
        attribute.writePackedVarint(8, [...value]);
        attribute.writeVarintField(20, ATTRIBUTE.ints);
      }
    });
}

function writeTensor(writer: PbfWriter, { name, shape, values }: OnnxTensor): void {
  writer.writePackedVarint(1, [...shape]);
  writer.writeVarintField(2, values instanceof Float32Array ? FLOAT : INT64);
  writer.writeStringField(8, name);
  writer.writeBytesField(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

/** An input or output of the graph, of float32. */
function writeValue(writer: PbfWriter, { name, shape }: GraphValue): void {
  writer.writeStringField(1, name);
  message(writer, 2, (type) =>
    message(type, 1, (tensor) => {
      tensor.writeVarintField(1, FLOAT);
      message(tensor, 2, (dimensions) =>
        shape.forEach((length) =>
          message(dimensions, 1, (dimension) =>
            length === -1
              ? dimension.writeStringField(2, BATCH)
              : dimension.writeVarintField(1, length),
          ),
        ),
      );
    }),
  );
}
