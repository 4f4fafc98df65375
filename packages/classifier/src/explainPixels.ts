import { type SaliencyMethod, throwIssues } from '@nonlocal-med/core';
import { saliencyMapsAsync } from '@nonlocal-med/explain';
import * as tf from '@tensorflow/tfjs-core';
import type { ClassMap } from './classification.js';
import type { ExportedNetwork } from './exportedNetwork.js';
import {
  classIssues,
  explainableImage,
  MOST_EXPLAINED,
  readClasses,
} from './maps/explainedClasses.js';
import { mapIssues, resolveMaps } from './maps/explanationMaps.js';

/** Which saliency map is wanted, and for which classes. */
export interface ExplainOptions {
  /** Default: that which `eval explain` shows first, Grad-CAM++ of an early layer. */
  readonly method?: SaliencyMethod;
  /** Layer that the map belongs to; default: the usual one of the method. */
  readonly layer?: string;
  /**
   * Names of classes or findings, `predicted` or `all`. Default: `predicted`, which is the predicted class, or each finding with
   * a probability of at least 0.5, at least the most probable one and at most 5.
   */
  readonly classes?: readonly string[];
}

/**
 * Saliency maps of a prepared image, one per class or finding to explain.
 * @param values RGB values 0..255, [height, width, 3]
 * @throws InputError if the model has no such layer, class or finding
 */
export async function explainPixels(
  network: ExportedNetwork,
  {
    values,
    probabilities,
  }: { readonly values: Float32Array; readonly probabilities: readonly number[] },
  { method, layer, classes = ['predicted'] }: ExplainOptions,
): Promise<ClassMap[]> {
  const { logits: model, name, labels, task, preprocessing } = network;
  const choice = { methods: method && [method], layers: layer === undefined ? undefined : [layer] };
  throwIssues([
    ...mapIssues({ model, name }, choice),
    ...classIssues(classes, { known: labels, words: ['predicted', 'all'] }),
  ]);
  const [shown] = resolveMaps(model, choice);
  const most = classes.every((word) => word === 'predicted') ? MOST_EXPLAINED : Infinity;
  const wanted = readClasses(classes, labels)(explainableImage([], probabilities, task));
  const [height, width] = preprocessing.size;
  const image = tf.tensor4d(values, [1, height, width, 3]);
  try {
    const maps: ClassMap[] = [];
    for (const classIndex of wanted.slice(0, most)) {
      const [{ maps: map }] = await saliencyMapsAsync(model, image, { maps: [shown], classIndex });
      maps.push({ label: labels[classIndex], ...shown, values: map, height, width });
    }
    return maps;
  } finally {
    image.dispose();
  }
}
