import * as tf from '@tensorflow/tfjs-core';
import type { GraphCall, GraphConstant, PortableGraph } from './portableGraph.js';

/** A computation as it was recorded for one number of images. */
export type Recording = PortableGraph;

/**
 * Joins the recordings of a computation for two and for three images to one for any number. Lengths that differ become -1.
 *
 * Three operations are told a shape that may differ: `Reshape` gets -1 there, `Slice` takes all images, and `Tile`, which
 * repeats one matrix for every image, is left out, since a product of matrices repeats it by itself.
 * @throws RangeError if anything else differs
 */
export function joinRecordings(two: Recording, three: Recording): PortableGraph {
  if (two.calls.length !== three.calls.length || two.constants.length !== three.constants.length)
    throw new RangeError(
      `The computation calls ${two.calls.length} operations for two images, but ${three.calls.length} for three: their number may not depend on the number of images.`,
    );
  const constants = new Map(two.constants.map((constant) => [constant.name, constant]));
  const ofThree = new Map(three.constants.map((constant) => [constant.name, constant]));
  const tiles = new Map<string, string>();
  const added: GraphConstant[] = [];
  const isFixed = (name: string): boolean => sameConstant(constants.get(name), ofThree.get(name));

  const calls = two.calls.flatMap((call, i): GraphCall[] => {
    const other = three.calls[i];
    requireSameCall(call, other);
    const shapes = call.shapes.map((shape, k) => joinShapes(call, shape, other.shapes[k]));
    const inputs = call.inputs.map((name) => tiles.get(name) ?? name);
    const joined = { ...call, inputs, shapes };
    const differing = call.inputs.filter((name) => constants.has(name) && !isFixed(name));
    const told = (values: readonly number[]): string => {
      const name = `${call.name}/shape`;
      added.push({ name, shape: [values.length], values: Int32Array.from(values) });
      return name;
    };
    if (call.kernel === 'Reshape') return [{ ...joined, inputs: [inputs[0], told(shapes[0])] }];
    if (differing.length === 0) return [joined];
    if (call.kernel === 'Slice' && differing.every((name) => name === call.inputs[2])) {
      const sizes = joinSizes(call, [constants.get(call.inputs[2])!, ofThree.get(call.inputs[2])!]);
      return [{ ...joined, inputs: [inputs[0], inputs[1], told(sizes)] }];
    }
    if (call.kernel === 'Tile' && repeatsOneMatrix(call, two, constants)) {
      tiles.set(call.name, inputs[0]);
      return [];
    }
    throw dependsOnBatch(call);
  });
  const used = new Set(calls.flatMap(({ inputs }) => inputs));
  return {
    inputs: two.inputs,
    constants: [...two.constants.filter(({ name }) => used.has(name)), ...added],
    calls,
    outputs: two.outputs.map((output, i) => ({
      ...output,
      shape: joinShapes(output, output.shape, three.outputs[i].shape),
    })),
  };
}

function requireSameCall(call: GraphCall, other: GraphCall): void {
  const key = ({ kernel, attributes, inputs, shapes }: GraphCall): string =>
    JSON.stringify([kernel, attributes, inputs, shapes.map(({ length }) => length)]);
  if (key(call) !== key(other)) throw dependsOnBatch(call);
}

/** @throws RangeError if lengths differ that are not multiples of the number of images, or more than one does */
function joinShapes(
  { name }: { readonly name: string },
  two: readonly number[],
  three: readonly number[],
): number[] {
  const joined = two.map((length, axis) => (length === three[axis] ? length : -1));
  const multiples = two.every((length, i) => joined[i] > -1 || 3 * length === 2 * three[i]);
  if (!multiples || joined.filter((length) => length === -1).length > 1)
    throw new RangeError(
      `The result of ${name} is [${two.join(', ')}] for two images and [${three.join(', ')}] for three; only one length may differ, in proportion.`,
    );
  return joined;
}

/** Sizes of a slice: -1, which means everything, along an axis that depends on the number of images. */
function joinSizes(
  call: GraphCall,
  [two, three]: readonly [GraphConstant, GraphConstant],
): number[] {
  return joinShapes(call, [...two.values], [...three.values]);
}

/** Whether a call repeats a constant [1, n, m] for every image, for nothing but products of matrices. */
function repeatsOneMatrix(
  { name, inputs: [matrix] }: GraphCall,
  { calls, outputs }: Recording,
  constants: ReadonlyMap<string, GraphConstant>,
): boolean {
  const { shape } = constants.get(matrix) ?? { shape: [] };
  const consumers = calls.filter(({ inputs }) => inputs.includes(name));
  return (
    shape.length === 3 &&
    shape[0] === 1 &&
    consumers.every(({ kernel }) => kernel === 'BatchMatMulV2') &&
    outputs.every(({ source }) => source !== name)
  );
}

const sameConstant = (a: GraphConstant | undefined, b: GraphConstant | undefined): boolean =>
  a !== undefined &&
  b !== undefined &&
  tf.util.arraysEqual([...a.shape], [...b.shape]) &&
  a.values.constructor === b.values.constructor &&
  a.values.every((value, i) => Object.is(value, b.values[i]));

const dependsOnBatch = ({ name, kernel }: GraphCall): RangeError =>
  new RangeError(
    `The operation ${kernel} (${name}) depends on the number of images, which a graph for any number cannot express.`,
  );
