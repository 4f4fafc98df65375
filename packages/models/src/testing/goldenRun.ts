import { modelWeights } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ModelOptions } from '../modelOptions.js';
import { filledModel } from './fillModel.js';
import { goldenInput } from './goldenInput.js';
import type { GoldenModels } from './goldenModels.js';
import { trainingStep } from './trainingStep.js';

/** The values of `golden/models.json` for a model, computed here. */
export interface GoldenRun {
  readonly logits: number[];
  readonly losses: number[];
  readonly gradientNorms: Map<string, number>;
  readonly logitsAfter: number[];
  readonly runningSums: Map<string, number>;
}

/** The golden file's recipe: logits in evaluation mode, some steps of Adam on one batch, logits again. */
export function goldenRun(
  name: string,
  golden: GoldenModels,
  { steps = golden.steps, dropout }: { steps?: number } & Pick<ModelOptions, 'dropout'> = {},
): GoldenRun {
  const { classes, height, width, salt } = golden;
  const model = filledModel(name, { classes, inputSize: [height, width], dropout }, salt);
  const images = goldenInput(golden);
  const labels = tf.tensor1d(
    Array.from({ length: golden.batch }, (_, i) => i % 4),
    'int32',
  );
  const adam = tf.train.adam(2e-4, 0.9, 0.999, 1e-8);
  try {
    const logits = evaluate(model, images);
    const losses: number[] = [];
    let gradientNorms = new Map<string, number>();
    for (let step = 0; step < steps; step++) {
      const { loss, gradients, byName } = trainingStep(model, images, labels);
      losses.push(loss.dataSync()[0]);
      if (step === 0)
        gradientNorms = new Map([...gradients].map(([key, gradient]) => [key, norm(gradient)]));
      adam.applyGradients(Object.entries(byName).map(([key, tensor]) => ({ name: key, tensor })));
      tf.dispose([loss, byName]);
    }
    const runningSums = new Map(
      modelWeights(model)
        .filter(({ key }) => /running_(mean|var)$/.test(key))
        .map(({ key, variable }) => [key, sum(variable.read())]),
    );
    return { logits, losses, gradientNorms, logitsAfter: evaluate(model, images), runningSums };
  } finally {
    adam.dispose();
    tf.dispose([images, labels]);
    model.dispose();
  }
}

function evaluate(model: LayersModel, images: tf.Tensor4D): number[] {
  return tf.tidy(() => [...(model.apply(images) as tf.Tensor).dataSync()]);
}

function norm(tensor: tf.Tensor): number {
  return Math.sqrt(tensor.dataSync<'float32'>().reduce((total, value) => total + value * value, 0));
}

function sum(tensor: tf.Tensor): number {
  return tensor.dataSync<'float32'>().reduce((total, value) => total + value, 0);
}
