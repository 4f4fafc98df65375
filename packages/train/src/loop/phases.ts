import { modelWeights } from '@nonlocal-med/tensor';
import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { createOptimizer } from '../createOptimizer.js';
import type { Optimizer } from '../optimizer.js';
import type { Precision } from '../precision.js';
import { freezeLayers, modelStages } from '../stages.js';
import type { TrainOptions } from '../trainOptions.js';
import type { NamedWeight } from '../weights.js';
import { createStepGradients, type StepGradients } from './stepGradients.js';
import type { TaskLoss } from './taskLoss.js';

/** A part of a training in which the same weights are trained: a training has two if it begins with the head alone. */
export interface Phase {
  /** The first epoch, counted from 0. */
  readonly firstEpoch: number;
  /** The weights that are trained. */
  readonly weights: readonly NamedWeight[];
  /** Running statistics, which the forward pass moves. */
  readonly statistics: readonly tf.Variable[];
  readonly optimizer: Optimizer;
  readonly gradients: StepGradients;
}

/** The phases of a training, one of which is current. */
export interface Phases {
  readonly current: Phase;
  /** Makes the phase of an epoch, counted from 0, the current one; it begins with a new optimizer. */
  enter(epoch: number): void;
  /** Frees what the current phase holds; all layers of the model can be trained again. */
  dispose(): void;
}

/** What {@link openPhases} needs. */
interface PhasesContext {
  readonly model: LayersModel;
  /** Names of the layers of each stage of the model's backbone. */
  readonly stages?: readonly (readonly string[])[];
  readonly options: TrainOptions & { readonly precision: Precision };
  readonly taskLoss: TaskLoss;
  readonly graph: boolean;
}

/** Enters the phase of the first epoch. */
export function openPhases({
  model,
  stages: names,
  options,
  taskLoss,
  graph,
}: PhasesContext): Phases {
  const stages = modelStages(model, names, options);
  const open = (firstEpoch: number): Phase & { dispose(): void } => {
    const frozen = stages.frozenIn(firstEpoch);
    const thaw = freezeLayers(frozen);
    const all = modelWeights(model).map(({ name, variable, layer, trainable }) => ({
      name,
      variable: variable.read() as tf.Variable,
      rate: stages.rateOf(layer),
      trainable,
      moves: !trainable && !frozen.includes(layer),
    }));
    const weights = all.filter(({ trainable }) => trainable);
    const { precision } = options;
    const optimizer = createOptimizer(weights, options);
    const gradients = createStepGradients({ model, weights, taskLoss, graph, precision });
    return {
      firstEpoch,
      weights,
      statistics: all.filter(({ moves }) => moves).map(({ variable }) => variable),
      optimizer,
      gradients,
      dispose() {
        gradients.dispose();
        optimizer.dispose();
        thaw();
      },
    };
  };
  let current = open(0);
  return {
    get current() {
      return current;
    },
    enter(epoch) {
      const firstEpoch = epoch < options.headEpochs ? 0 : options.headEpochs;
      if (firstEpoch === current.firstEpoch) return;
      current.dispose();
      current = open(firstEpoch);
    },
    dispose: () => current.dispose(),
  };
}
