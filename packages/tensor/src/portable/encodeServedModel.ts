import { PbfWriter } from 'pbf';
import { PRODUCER } from '../graph/encodeSavedModel.js';
import { type GraphNode, message, writeNode } from '../graph/graphNode.js';
import type { AttributeConstants } from '../native/kernelAttributes.js';
import type { GraphConstant, GraphValue, PortableGraph } from './portableGraph.js';

/** The tag that TensorFlow Serving and `tf.saved_model.load` look for. */
export const SERVE_TAG = 'serve';
/** The signature that both call. */
const SIGNATURE = 'serving_default';

/** TensorFlow's codes of element types (framework/types.proto). */
const FLOAT = 1;
const INT32 = 3;

/**
 * Encodes a graph as the file `saved_model.pb`, with its constants inside and the signature `serving_default`, for
 * TensorFlow Serving and `tf.saved_model.load`. Equal graphs give equal bytes.
 *
 * Each call waits for the previous one, so that the blocks of an attention are not held all at once.
 */
export function encodeServedModel(
  { inputs, constants, calls, outputs }: PortableGraph,
  codes: AttributeConstants,
): Uint8Array<ArrayBuffer> {
  const nodes: GraphNode[] = [
    ...inputs.map(({ name, shape }) => ({
      name,
      kernel: 'Placeholder',
      inputs: [],
      attributes: [
        { name: 'dtype', type: codes.TF_ATTR_TYPE, value: codes.TF_FLOAT },
        { name: 'shape', type: codes.TF_ATTR_SHAPE, value: shape },
      ],
    })),
    ...calls.map((call, i) =>
      i === 0 ? call : { ...call, inputs: [...call.inputs, `^${calls[i - 1].name}`] },
    ),
    ...outputs.map(({ name, source }) => ({
      name,
      kernel: 'Identity',
      inputs: [source],
      attributes: [{ name: 'T', type: codes.TF_ATTR_TYPE, value: codes.TF_FLOAT }],
    })),
  ];
  const file = new PbfWriter();
  file.writeVarintField(1, 1); // saved_model_schema_version
  message(file, 2, (metaGraph) => {
    message(metaGraph, 1, (info) => info.writeStringField(4, SERVE_TAG));
    message(metaGraph, 2, (graph) => {
      constants.forEach((constant) =>
        message(graph, 1, (writer) => writeConstant(writer, constant)),
      );
      nodes.forEach((node) => message(graph, 1, (writer) => writeNode(writer, node, codes)));
      message(graph, 4, (versions) => versions.writeVarintField(1, PRODUCER));
    });
    message(metaGraph, 5, (entry) => {
      entry.writeStringField(1, SIGNATURE);
      message(entry, 2, (signature) => {
        inputs.forEach((value) => writeSignatureValue(signature, 1, value));
        outputs.forEach((value) => writeSignatureValue(signature, 2, value));
        signature.writeStringField(3, 'tensorflow/serving/predict');
      });
    });
  });
  return file.finish() as Uint8Array<ArrayBuffer>;
}

/** A node `Const` (framework/tensor.proto). */
function writeConstant(writer: PbfWriter, { name, shape, values }: GraphConstant): void {
  const type = values instanceof Float32Array ? FLOAT : INT32;
  writer.writeStringField(1, name);
  writer.writeStringField(2, 'Const');
  const attribute = (key: string, write: (value: PbfWriter) => void): void =>
    message(writer, 5, (entry) => {
      entry.writeStringField(1, key);
      message(entry, 2, write);
    });
  attribute('dtype', (value) => value.writeVarintField(6, type));
  attribute('value', (value) =>
    message(value, 8, (tensor) => {
      tensor.writeVarintField(1, type);
      message(tensor, 2, (sizes) => writeShape(sizes, shape));
      tensor.writeBytesField(
        4,
        new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
      );
    }),
  );
}

/** An input (field 1) or output (field 2) of a signature (protobuf/meta_graph.proto). */
function writeSignatureValue(
  signature: PbfWriter,
  field: number,
  { name, shape }: GraphValue,
): void {
  message(signature, field, (entry) => {
    entry.writeStringField(1, name);
    message(entry, 2, (info) => {
      info.writeStringField(1, `${name}:0`);
      info.writeVarintField(2, FLOAT);
      message(info, 3, (sizes) => writeShape(sizes, shape));
    });
  });
}

function writeShape(writer: PbfWriter, shape: readonly number[]): void {
  shape.forEach((length) =>
    message(writer, 2, (dimension) => dimension.writeVarintField(1, length)),
  );
}
