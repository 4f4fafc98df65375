import * as tf from '@tensorflow/tfjs-core';
import type { AdamState } from './fusedAdam.js';
import type { NativeKernels } from './native/nativeKernels.js';
import { createResourceVariable } from './native/resourceVariable.js';

/** Variables that one call of Adam's kernel updates, with their moments. */
export interface AdamSlot {
  readonly names: readonly string[];
  /**
   * One step of the variables that have a gradient.
   * @param constants the kernel's inputs between moments and gradient
   */
  update(
    gradients: Readonly<Record<string, tf.Tensor | undefined>>,
    constants: readonly tf.Tensor[],
  ): void;
  /** Copies of one variable's moments. */
  moments(name: string): AdamState['moments'][string];
  /** Takes its variables' moments from those of all. */
  restore(moments: AdamState['moments']): void;
  /** Frees the moments; the variables stay. */
  dispose(): void;
}

/** A slot of one variable, or of several vectors that TensorFlow sees as one, laid end to end; moments start at zero. */
export function createAdamSlot(
  kernels: NativeKernels,
  variables: readonly tf.Variable[],
): AdamSlot {
  const names = variables.map(({ name }) => name);
  const sizes = variables.map(({ size }) => size);
  const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((sum, size) => sum + size, 0));
  const total = starts[starts.length - 1] + sizes[sizes.length - 1];
  const shape = variables.length === 1 ? variables[0].shape : [total];
  const [values, first, second] = [0, 1, 2].map(() => createResourceVariable(kernels, shape));
  for (const moment of [first, second]) tf.tidy(() => moment.assign(tf.fill(shape, 0)));
  const join = (parts: tf.Tensor[]): tf.Tensor =>
    parts.length === 1 ? parts[0] : tf.concat(parts);
  const split = (whole: tf.Tensor): tf.Tensor[] =>
    sizes.length === 1 ? [whole] : tf.split(whole, sizes);
  /** Each variable's data since the last step: another's means that somebody assigned a value. */
  let known: object[] = [];

  function apply(gradient: tf.Tensor, constants: readonly tf.Tensor[]): void {
    if (variables.some(({ dataId }, i) => dataId !== known[i])) values.assign(join([...variables]));
    // While a variable holds the same data too, TensorFlow would copy it before changing it.
    for (const variable of variables)
      if (tf.backend().refCount(variable.dataId) === 1) tf.engine().disposeTensor(variable);
    kernels.runMultiple(
      {
        name: 'ResourceApplyAdam',
        attributes: { T: { type: 'float32' }, use_locking: false, use_nesterov: false },
      },
      [values.handle, first.handle, second.handle, ...constants, gradient],
      0,
    );
    split(values.read()).forEach((updated, i) => variables[i].assign(updated));
    known = variables.map(({ dataId }) => dataId);
  }

  /** A step in which some variables, and their moments, stay as they are. */
  function applySome(
    gradients: readonly (tf.Tensor | undefined)[],
    constants: readonly tf.Tensor[],
  ): void {
    const kept = variables.map((variable) => variable.clone());
    const keptMoments = [first, second].map((moment) => split(moment.read()));
    apply(join(gradients.map((gradient, i) => gradient ?? tf.zerosLike(variables[i]))), constants);
    const stays = gradients.map((gradient) => gradient === undefined);
    variables.forEach((variable, i) => stays[i] && variable.assign(kept[i]));
    [first, second].forEach((moment, m) =>
      moment.assign(
        join(split(moment.read()).map((part, i) => (stays[i] ? keptMoments[m][i] : part))),
      ),
    );
  }

  return {
    names,
    update(byName, constants) {
      const gradients = names.map((name) => byName[name]);
      if (gradients.every((gradient) => gradient === undefined)) return;
      tf.tidy(() =>
        gradients.includes(undefined)
          ? applySome(gradients, constants)
          : apply(join(gradients as tf.Tensor[]), constants),
      );
    },
    moments(name) {
      const index = names.indexOf(name);
      const part = (moment: typeof first): Float32Array =>
        moment.values().slice(starts[index], starts[index] + sizes[index]);
      return { first: part(first), second: part(second) };
    },
    restore(moments) {
      const fill = (which: 'first' | 'second'): Float32Array => {
        const all = new Float32Array(total);
        names.forEach((name, i) => all.set(moments[name][which], starts[i]));
        return all;
      };
      first.set(fill('first'));
      second.set(fill('second'));
    },
    dispose: () => [values, first, second].forEach((each) => each.dispose()),
  };
}
