import { readRun, type WeightsChoice } from '@nonlocal-med/runs';
import type { OpenRun } from '../run/completeRun.js';
import { writeExplanations } from './explainRun.js';
import { parseExplanationRequest } from './explanationRequest.js';
import { orderSample } from './orderSample.js';

/**
 * Explains a sample of a run's test images right after its test, with the weights that the model has, for as long as the
 * options allow: the most confident errors and, in turn, images in proportion to the classes. A failure is a warning: the
 * run is complete without.
 */
export async function explainSample(open: OpenRun, weights: WeightsChoice): Promise<void> {
  const { run, config, data, model, signal, listener } = open;
  const { images, seconds } = config.explanations;
  const { test } = data.split;
  if (images === 0 || seconds === 0 || test.length === 0) return;
  const { task = 'multiclass', classes } = data.dataset;
  try {
    const { predictions } = await readRun(run.path);
    const samples = orderSample(test, predictions[weights]!, { images, seed: config.seed });
    const request = parseExplanationRequest(
      {},
      { model, name: config.model.name, classes, size: config.preprocessing.size },
    );
    const { index } = await writeExplanations(
      { run, config, task, classes, model, weights },
      samples,
      {
        request,
        signal,
        budget: { seconds, available: test.length },
        onImages: listener.onImages,
      },
    );
    if (index.images.length < samples.length)
      listener.onNote?.(
        `Saliency maps: ${index.images.length} of ${samples.length} images in ${seconds} s (explanations.seconds); \`explain\` computes more.`,
      );
  } catch (error) {
    if (signal?.aborted === true) return;
    listener.onEvent?.({
      type: 'warning',
      message: `The test images were not explained: ${(error as Error).message}`,
    });
  }
}
