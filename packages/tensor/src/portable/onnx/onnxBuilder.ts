import type { GraphConstant } from '../portableGraph.js';
import type { OnnxAttributes, OnnxNode, OnnxTensor } from './onnxFile.js';

/**
 * A tensor of the graph in the file. TensorFlow has the channels of images last, ONNX's convolutions and pools have them
 * first: a tensor is held in the order that it was computed in, and transposed when the other one is needed.
 */
interface Value {
  /** As TensorFlow has it; -1 where the length depends on the number of images. */
  readonly shape: readonly number[];
  /** Names of the tensor in both orders, as far as it has been needed. */
  last?: string;
  first?: string;
}

/** A result with its channels last, or first: [B, C, H, W], and [B, C, n, H, W] of [B, H, W, C, n]. */
export type Order = 'last' | 'first';

/** Where each axis of TensorFlow's tensor is when the channels are first, by rank. */
const AXES: Readonly<Record<number, readonly number[]>> = { 4: [0, 2, 3, 1], 5: [0, 3, 4, 1, 2] };
/** The axes of TensorFlow's tensor in the order that has the channels first. */
const TO_FIRST: Readonly<Record<number, readonly number[]>> = {
  4: [0, 3, 1, 2],
  5: [0, 3, 4, 1, 2],
};

/** Collects the operators and constants of an ONNX graph, and knows in which order each tensor has its channels. */
export class OnnxBuilder {
  readonly nodes: OnnxNode[] = [];
  readonly tensors: OnnxTensor[] = [];
  private readonly values = new Map<string, Value>();
  private readonly constants: ReadonlyMap<string, GraphConstant>;
  private readonly integers = new Map<string, string>();
  private count = 0;

  constructor(constants: readonly GraphConstant[]) {
    this.constants = new Map(constants.map((constant) => [constant.name, constant]));
  }

  /** Adds an operator. @returns the name of its (first) result */
  add(type: string, inputs: readonly string[], attributes: OnnxAttributes = {}): string {
    return this.addMany(type, { inputs, attributes, outputs: 1 })[0];
  }

  /** Adds an operator with several results. @returns their names */
  addMany(
    type: string,
    {
      inputs,
      attributes = {},
      outputs,
    }: Pick<OnnxNode, 'inputs'> & {
      readonly attributes?: OnnxAttributes;
      readonly outputs: number;
    },
  ): string[] {
    const names = Array.from({ length: outputs }, () => `t${this.count++}`);
    this.nodes.push({ type, inputs, outputs: names, attributes });
    return names;
  }

  /** Names the tensor that a call of a kernel (or an input) has become. */
  define(source: string, shape: readonly number[], names: Partial<Record<Order, string>>): void {
    this.values.set(source, { shape, ...names });
  }

  shapeOf(source: string): readonly number[] {
    return (this.constants.get(source) ?? this.valueOf(source)).shape;
  }

  /** The constant of this name; undefined for what is computed. */
  constantOf(source: string): GraphConstant | undefined {
    return this.constants.get(source);
  }

  /** Whether a tensor is at hand with its channels first. */
  hasFirst(source: string): boolean {
    return !this.constants.has(source) && this.valueOf(source).first !== undefined;
  }

  /** The name of a tensor in an order; it is transposed if need be. */
  get(source: string, order: Order): string {
    const constant = this.constants.get(source);
    if (constant !== undefined) return this.constantIn(constant, order);
    const value = this.valueOf(source);
    value[order] ??=
      order === 'last'
        ? this.add('Transpose', [value.first!], { perm: AXES[value.shape.length] })
        : this.add('Transpose', [value.last!], { perm: TO_FIRST[value.shape.length] });
    return value[order];
  }

  /** A constant of float32. */
  floats(shape: readonly number[], values: Float32Array): string {
    const name = `w${this.tensors.length}`;
    this.tensors.push({ name, shape, values });
    return name;
  }

  /** A constant of integers, [n], or one integer. */
  ints(values: readonly number[] | number): string {
    const list = typeof values === 'number' ? [values] : values;
    const key = JSON.stringify(values);
    let name = this.integers.get(key);
    if (name === undefined) {
      name = `n${this.integers.size}`;
      this.integers.set(key, name);
      this.tensors.push({
        name,
        shape: typeof values === 'number' ? [] : [list.length],
        values: BigInt64Array.from(list, BigInt),
      });
    }
    return name;
  }

  /** A float constant; with the channels first, it is extended to four axes. */
  private constantIn({ name, shape, values }: GraphConstant, order: Order): string {
    if (!(values instanceof Float32Array))
      throw new RangeError(`The constant ${name} has integers, which cannot be computed with.`);
    const key = `${name} ${order}`;
    let known = this.integers.get(key);
    if (known === undefined) {
      known = order === 'last' ? this.floats(shape, values) : this.channelsFirst(shape, values);
      this.integers.set(key, known);
    }
    return known;
  }

  private channelsFirst(shape: readonly number[], values: Float32Array): string {
    const extended = [...Array.from({ length: 4 - shape.length }, () => 1), ...shape];
    return this.transposedConstant({ shape: extended, values }, [0, 3, 1, 2]);
  }

  /** A float constant of four axes with its axes in another order. */
  transposedConstant(
    { shape, values }: Pick<GraphConstant, 'shape' | 'values'>,
    axes: readonly number[],
  ): string {
    const steps = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
    const [a, b, c, d] = axes.map((axis) => ({ length: shape[axis], step: steps[axis] }));
    const transposed = new Float32Array(values.length);
    let to = 0;
    for (let i = 0; i < a.length; i++)
      for (let j = 0; j < b.length; j++)
        for (let k = 0; k < c.length; k++) {
          const from = i * a.step + j * b.step + k * c.step;
          for (let l = 0; l < d.length; l++) transposed[to++] = values[from + l * d.step];
        }
    return this.floats(
      axes.map((axis) => shape[axis]),
      transposed,
    );
  }

  private valueOf(source: string): Value {
    const value = this.values.get(source);
    if (value === undefined) throw new RangeError(`${source} is used before it is computed.`);
    return value;
  }
}

/** An axis of TensorFlow's tensor of this rank in an order. */
export function axisIn(order: Order, axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  return order === 'last' ? positive : AXES[rank][positive];
}
