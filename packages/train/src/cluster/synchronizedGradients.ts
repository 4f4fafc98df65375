import type { Batch, BatchSource, Issue } from '@nonlocal-med/core';
import { synchronizeBatchNorm } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { allLayers } from '../loop/randomLayers.js';
import type { NumberedBatch, StepPlan, SummedGradients } from '../loop/stepGradients.js';
import { modelStages, type StageOptions } from '../stages.js';
import type { TrainingCluster } from './exchange.js';

/** What {@link synchronizedGradients} needs besides the batches. */
interface SynchronizedStep {
  readonly cluster: TrainingCluster;
  readonly plan: StepPlan;
  /** The training set. */
  readonly source: Pick<BatchSource, 'task' | 'classes'>;
}

/**
 * Loss and gradients of a member's parts of several batches, with batch normalization over the parts of all members: the sums
 * over its images that, added up over the members and divided by the sum of their weights, are the means over the whole batches.
 *
 * They are sums, not means, because the loss of one member's images depends on the images of the others through the
 * statistics: all members have to differentiate terms of the same sum, and a part without known labels, whose term is 0,
 * still gets a gradient from the terms of the others.
 * @param parts which may be empty: such a member makes the same calls as the others, with an image that counts nothing
 */
export async function synchronizedGradients(
  parts: AsyncIterable<NumberedBatch>,
  { cluster, plan, source }: SynchronizedStep,
): Promise<SummedGradients> {
  const { members, member } = cluster;
  const sum = (tensor: tf.Tensor): tf.Tensor => cluster.sum(tensor);
  let total: SummedGradients | undefined;
  try {
    for await (const given of parts) {
      const [images] = given.batch.shape;
      const counts = images > 0;
      const weight = counts ? plan.taskLoss.weight(given.batch) : 0;
      const computed = counts ? given : { ...given, batch: placeholder(given.batch, source) };
      const group = { members: members.length, member, sum, counts };
      const own = synchronizeBatchNorm(group, () =>
        plan.gradientsOf(plan.prepare(computed), weight),
      );
      total = addSums(total, { ...own, weight, images });
    }
  } catch (error) {
    if (total !== undefined) tf.dispose([total.loss, ...total.gradients]);
    throw error;
  }
  if (total === undefined) throw new Error('The step has no batches.');
  return total;
}

/** Issues of layers whose statistics cannot be synchronized: TF.js's own batch normalization, where it is not frozen. */
export function synchronizationIssues(
  model: LayersModel,
  stages: readonly (readonly string[])[] | undefined,
  options: StageOptions,
): Issue[] {
  const frozen = modelStages(model, stages, options).frozenIn(options.headEpochs);
  const names = allLayers(model.layers.filter((layer) => !frozen.includes(layer)))
    .filter((layer) => layer.getClassName() === 'BatchNormalization')
    .map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    {
      path: 'synchronizedBatchNorm',
      message: `cannot synchronize TF.js's own batch normalization: ${names.join(', ')}`,
      hint: 'layers that call batchNormTrain of @nonlocal-med/tensor, as those of @nonlocal-med/models do; or leave the option out',
    },
  ];
}

/** A black image in place of an empty part. */
function placeholder(
  { shape: [, ...image] }: Batch,
  { task, classes }: SynchronizedStep['source'],
): Batch {
  return {
    images: new Float32Array(image.reduce((product, length) => product * length, 1)),
    shape: [1, ...image],
    labels: new Int32Array(task === 'multilabel' ? classes.length : 1),
    ids: ['none'],
  };
}

/** The sums of both, whose tensors are disposed. */
function addSums(total: SummedGradients | undefined, own: SummedGradients): SummedGradients {
  if (total === undefined) return own;
  const given = [total.loss, ...total.gradients, own.loss, ...own.gradients];
  const [loss, ...gradients] = tf.tidy(() => [
    tf.add<tf.Scalar>(total.loss, own.loss),
    ...own.gradients.map((gradient, index) => tf.add(total.gradients[index], gradient)),
  ]);
  tf.dispose(given);
  return {
    ...own,
    loss,
    gradients,
    weight: total.weight + own.weight,
    images: total.images + own.images,
  };
}
