import * as tf from '@tensorflow/tfjs-core';
import type { BindingAttribute } from '../native/kernelAttributes.js';
import { type NodeBackend, nodeBackend, type TensorMetadata } from '../native/nodeBackend.js';
import { bfloat16Support } from './bfloat16Support.js';
import { type CastRule, castRule } from './castRules.js';

/** A computation in mixed precision; see {@link autocast}. */
export interface MixedPrecisionComputation {
  /** Float32 tensors that the computation reads often, such as weights: each is cast once. */
  readonly castOnce?: readonly tf.Tensor[];
  /** Its results are returned in float32. It frees its other tensors itself. */
  readonly compute: () => tf.Tensor[];
}

/** TensorFlow's code of the type bfloat16, for which tfjs has no name. */
const BFLOAT16 = 14;

/** The methods of the backend that {@link autocast} replaces while it runs. */
const REPLACED = ['createOutputTensor', 'executeSingleOutput', 'executeMultipleOutputs'] as const;

let current: CastingBackend | undefined;

/**
 * Computes convolutions and matrix products in bfloat16 by the rules of PyTorch's autocast: weights, normalization
 * statistics, sums, losses and whatever {@link inFloat32} computes stay float32. Gradients that are taken inside it are
 * computed in the same way. A bfloat16 number has the range of float32, so losses need no scaling.
 *
 * While it runs, tensors that TensorFlow holds in bfloat16 call themselves float32; do not read their values inside.
 * @returns the results of the computation, in float32
 * @throws RangeError on a backend other than native TensorFlow, on a processor without the instructions
 * ({@link bfloat16Support}), or inside another `autocast`
 */
export function autocast({ castOnce = [], compute }: MixedPrecisionComputation): tf.Tensor[] {
  const backend = nodeBackend();
  if (backend === null)
    throw new RangeError(
      `bfloat16 needs the backend of native TensorFlow; the current one is ${tf.getBackend()}`,
    );
  if (!backend.isUsingGpuDevice) {
    const { isSupported, reason } = bfloat16Support();
    if (!isSupported) throw new RangeError(`bfloat16 is not available: ${reason}`);
  }
  if (current !== undefined) throw new RangeError('autocast cannot run inside autocast');
  current = new CastingBackend(backend, castOnce);
  try {
    return compute().map((result) => {
      const inFull = toFloat32(result);
      if (inFull !== result) result.dispose();
      return inFull;
    });
  } finally {
    current.restore();
    current = undefined;
  }
}

/** Whether operations are computed in bfloat16 now: inside `autocast`, and not inside `inFloat32`. */
export function isAutocast(): boolean {
  return current?.isLowering === true;
}

/** Runs a part of a computation in float32, whether or not it is inside {@link autocast}. */
export function inFloat32<Result>(run: () => Result): Result {
  if (!isAutocast()) return run();
  const casting = current!;
  casting.isLowering = false;
  try {
    return run();
  } finally {
    casting.isLowering = true;
  }
}

/** A tensor in float32: itself if it is not bfloat16, else a copy. */
export function toFloat32<T extends tf.Tensor>(tensor: T): T {
  return current?.typeOf(tensor) === BFLOAT16 ? (current.cast(tensor, 'float32') as T) : tensor;
}

/** A tensor in bfloat16 where {@link isAutocast}: itself if it already is, else a copy. Elsewhere the tensor itself. */
export function toBfloat16<T extends tf.Tensor>(tensor: T): T {
  return current?.isLowering === true && current.typeOf(tensor) !== BFLOAT16
    ? (current.cast(tensor, 'bfloat16') as T)
    : tensor;
}

/** Casts the inputs of every kernel that tfjs-node's backend runs, until it is restored. */
class CastingBackend {
  isLowering = true;
  private readonly float32: number;
  /** Weights in bfloat16, by the data of the tensor; undefined for those not used yet. */
  private readonly once: Map<object, tf.Tensor | undefined>;
  private readonly create: NodeBackend['createOutputTensor'];

  constructor(
    private readonly backend: NodeBackend,
    castOnce: readonly tf.Tensor[],
  ) {
    this.float32 = backend.binding.TF_FLOAT;
    this.once = new Map(castOnce.map(({ dataId }) => [dataId, undefined]));
    this.create = backend.createOutputTensor.bind(backend);
    backend.createOutputTensor = (metadata) => this.outputTensor(metadata);
    backend.executeSingleOutput = (name, attributes, inputs) =>
      this.outputTensor(this.execute({ name, attributes, outputs: 1 }, inputs)[0]);
    backend.executeMultipleOutputs = (...[name, attributes, inputs, outputs]) =>
      this.execute({ name, attributes, outputs }, inputs).map((one) => this.outputTensor(one));
  }

  restore(): void {
    // The backend's own methods, which belong to its class, come back.
    for (const name of REPLACED) Reflect.deleteProperty(this.backend, name);
    this.once.forEach((tensor) => tensor?.dispose());
  }

  /** TensorFlow's code of a tensor's type. */
  typeOf({ dataId }: tf.Tensor): number {
    return this.backend.tensorMap.get(dataId).dtype;
  }

  cast(tensor: tf.Tensor, type: 'float32' | 'bfloat16'): tf.Tensor {
    const { binding } = this.backend;
    const ids = this.backend.getInputTensorIds([tensor]);
    const attribute = (name: string, value: number): BindingAttribute => ({
      name,
      type: binding.TF_ATTR_TYPE,
      value,
    });
    const attributes = [
      attribute('SrcT', this.typeOf(tensor)),
      attribute('DstT', type === 'float32' ? this.float32 : BFLOAT16),
      { name: 'Truncate', type: binding.TF_ATTR_BOOL, value: false },
    ];
    return this.outputTensor(binding.executeOp('Cast', attributes, ids, 1)[0]);
  }

  /** tfjs knows no bfloat16, so such a tensor calls itself float32; its true type is in the backend's table. */
  private outputTensor(metadata: TensorMetadata): tf.Tensor {
    if (metadata.dtype !== BFLOAT16) return this.create(metadata);
    const tensor = this.create({ ...metadata, dtype: this.float32 });
    this.backend.tensorMap.get(tensor.dataId).dtype = BFLOAT16;
    return tensor;
  }

  private execute(
    { name, attributes, outputs }: Call,
    inputs: readonly tf.Tensor[],
  ): TensorMetadata[] {
    const { backend } = this;
    const run = (given: readonly tf.Tensor[], changed: readonly BindingAttribute[]) =>
      backend.binding.executeOp(name, changed, backend.getInputTensorIds(given), outputs);
    // tfjs derives the source of a cast from the type that a tensor calls itself.
    if (name === 'Cast') return run(inputs, withType(attributes, 'SrcT', this.typeOf(inputs[0])));
    const type = attributes.find((attribute) => attribute.name === 'T')?.value;
    // Kernels that name their type in another way get float32.
    const rule = type === this.float32 ? castRule(name) : undefined;
    const { target, until } = this.decide(rule, inputs);
    const temporary: tf.Tensor[] = [];
    const given = inputs.map((input, i) => {
      const wanted = i <= until ? target : this.float32;
      if (!this.isFloat(input) || this.typeOf(input) === wanted) return input;
      return wanted === BFLOAT16 ? this.lowered(input, temporary) : this.raised(input, temporary);
    });
    const results = run(
      given,
      target === BFLOAT16 ? withType(attributes, 'T', target) : attributes,
    );
    tf.dispose(temporary);
    return results;
  }

  private decide(
    rule: CastRule | undefined,
    inputs: readonly tf.Tensor[],
  ): { target: number; until: number } {
    const until = Infinity;
    if (rule === undefined) return { target: this.float32, until };
    if (typeof rule === 'object')
      return { target: this.typeOf(inputs[rule.like]), until: rule.until ?? until };
    if (!this.isLowering) return { target: this.float32, until };
    if (rule === 'lower') return { target: BFLOAT16, until };
    const types = inputs
      .filter((input) => this.isFloat(input) && input.size !== 1)
      .map((input) => this.typeOf(input));
    const follows = types.length > 0 && types.every((type) => type === BFLOAT16);
    return { target: follows ? BFLOAT16 : this.float32, until };
  }

  /** Some inputs that tfjs-node passes are no tensors: integers of 64 bits. */
  private isFloat(input: tf.Tensor): boolean {
    return input.dataId !== undefined && [this.float32, BFLOAT16].includes(this.typeOf(input));
  }

  private lowered(input: tf.Tensor, temporary: tf.Tensor[]): tf.Tensor {
    if (!this.once.has(input.dataId)) {
      const copy = this.cast(input, 'bfloat16');
      temporary.push(copy);
      return copy;
    }
    const known = this.once.get(input.dataId) ?? tf.keep(this.cast(input, 'bfloat16'));
    this.once.set(input.dataId, known);
    return known;
  }

  private raised(input: tf.Tensor, temporary: tf.Tensor[]): tf.Tensor {
    const copy = this.cast(input, 'float32');
    temporary.push(copy);
    return copy;
  }
}

/** A call of a kernel without its inputs. */
interface Call {
  readonly name: string;
  readonly attributes: readonly BindingAttribute[];
  readonly outputs: number;
}

function withType(
  attributes: readonly BindingAttribute[],
  name: string,
  value: number,
): BindingAttribute[] {
  return attributes.map((attribute) =>
    attribute.name === name ? { ...attribute, value } : attribute,
  );
}
