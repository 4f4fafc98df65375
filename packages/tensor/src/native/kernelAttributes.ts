/** TensorFlow's element types that attributes refer to. */
type KernelType = 'float32' | 'int32' | 'bool' | 'complex64' | 'resource';

/** The value of one attribute. Plain numbers are not allowed, because TensorFlow distinguishes integers from floats. */
type KernelAttribute =
  | string
  | boolean
  | readonly number[]
  | { readonly int: number }
  | { readonly float: number }
  | { readonly type: KernelType }
  | { readonly shape: readonly number[] };

/** Attributes of a TensorFlow kernel by name; a list of numbers is a list of integers. */
export type KernelAttributes = Readonly<Record<string, KernelAttribute>>;

/** An attribute in the form that tfjs-node's TensorFlow binding accepts. */
export interface BindingAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** Constants of the binding that encode attributes. */
export interface AttributeConstants {
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_SHAPE: number;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_BOOL: number;
  readonly TF_COMPLEX64: number;
  readonly TF_RESOURCE: number;
}

/** Encodes attributes for the binding. */
export function bindingAttributes(
  attributes: KernelAttributes,
  constants: AttributeConstants,
): BindingAttribute[] {
  return Object.entries(attributes).map(([name, value]) => ({ name, ...encode(value, constants) }));
}

function encode(
  value: KernelAttribute,
  constants: AttributeConstants,
): { type: number; value: unknown } {
  if (typeof value === 'string') return { type: constants.TF_ATTR_STRING, value };
  if (typeof value === 'boolean') return { type: constants.TF_ATTR_BOOL, value };
  if ('int' in value) return { type: constants.TF_ATTR_INT, value: value.int };
  if ('float' in value) return { type: constants.TF_ATTR_FLOAT, value: value.float };
  if ('shape' in value) return { type: constants.TF_ATTR_SHAPE, value: value.shape };
  if ('type' in value)
    return { type: constants.TF_ATTR_TYPE, value: typeConstant(value.type, constants) };
  return { type: constants.TF_ATTR_INT, value };
}

function typeConstant(type: KernelType, constants: AttributeConstants): number {
  return {
    float32: constants.TF_FLOAT,
    int32: constants.TF_INT32,
    bool: constants.TF_BOOL,
    complex64: constants.TF_COMPLEX64,
    resource: constants.TF_RESOURCE,
  }[type];
}
