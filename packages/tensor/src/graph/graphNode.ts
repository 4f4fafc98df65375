import type { PbfWriter } from 'pbf';
import type { AttributeConstants, BindingAttribute } from '../native/kernelAttributes.js';

/** A node of a TensorFlow graph (tensorflow/core/framework/node_def.proto). */
export interface GraphNode {
  readonly name: string;
  readonly kernel: string;
  readonly inputs: readonly string[];
  readonly attributes: readonly BindingAttribute[];
}

/** Writes a node. @throws RangeError if an attribute has a type that a graph cannot have */
export function writeNode(
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

/** Writes a message inside a message. */
export function message(
  writer: PbfWriter,
  field: number,
  write: (writer: PbfWriter) => void,
): void {
  writer.writeMessage(field, (_, inner) => write(inner), undefined);
}
