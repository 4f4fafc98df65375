import type { Batch } from '@nonlocal-med/core';
import * as tf from '@tensorflow/tfjs-core';
import { learningRateAt } from '../schedule/learningRateAt.js';
import { checkLabels } from './checkLabels.js';
import { DivergedError } from './divergedError.js';
import { sayOnce } from './sayOnce.js';
import type { Events, Training } from './training.js';

/**
 * One step: loss, gradients, Adam; moves `training.progress`.
 * @throws DivergedError when the loss is not finite; the weights are then as before the step.
 */
export async function* trainBatch(
  training: Training,
  batch: Batch,
  waitMilliseconds: number,
): Events {
  const { progress, options, train } = training;
  const begin = performance.now();
  const tensorsBefore = tf.memory().numTensors;
  const step = progress.step + 1;
  const learningRate = learningRateAt(progress.step, {
    ...options,
    stepsPerEpoch: train.batchesPerEpoch,
  });
  checkLabels(batch, train.classes.length);

  training.randomLayers.setStep(options.seed, step);
  const { loss: lossTensor, gradients, withoutGradient } = training.gradients.of(batch);
  let loss: number;
  try {
    loss = (await lossTensor.data<'float32'>())[0];
    if (!Number.isFinite(loss))
      throw new DivergedError(
        `The loss is ${loss} at step ${step} (epoch ${progress.epoch + 1}, learning rate ${learningRate}), batch: ${batch.ids.join(', ')}. A smaller learning rate or a warm-up usually helps.`,
      );
    training.optimizer.apply(gradients, learningRate);
  } finally {
    tf.dispose([lossTensor, ...gradients]);
  }

  const weight = batchWeight(batch, options.classWeights);
  training.progress = {
    ...progress,
    seconds: training.seconds(),
    step,
    batch: progress.batch + 1,
    lossSum: progress.lossSum + loss * weight,
    weightSum: progress.weightSum + weight,
  };
  if (withoutGradient.length > 0)
    yield* sayOnce(
      training,
      'gradients',
      `These weights do not take part in the loss and stay as they are: ${withoutGradient.join(', ')}.`,
    );
  const [refusal] = training.gradients.refusals();
  if (refusal !== undefined)
    yield* sayOnce(
      training,
      'graph',
      `Steps stay single calls instead of one graph, with the same result but slower: ${refusal}.`,
    );
  const left = tf.memory().numTensors - tensorsBefore;
  if (left > 0 && training.said.has('first step'))
    yield* sayOnce(
      training,
      'leak',
      `Step ${step} left ${left} tensors behind: a layer of the model leaks memory.`,
    );
  training.said.add('first step');
  yield await training.recorder.record({
    type: 'step',
    epoch: progress.epoch + 1,
    step,
    batch: progress.batch + 1,
    loss,
    learningRate,
    milliseconds: performance.now() - begin,
    waitMilliseconds,
  });
}

/** What a batch's mean loss counts in the epoch's mean: its samples, or the sum of their class weights. */
function batchWeight({ labels }: Batch, classWeights: readonly number[] | undefined): number {
  return classWeights === undefined
    ? labels.length
    : labels.reduce((sum, label) => sum + classWeights[label], 0);
}
