import type { StepSeeded } from '@nonlocal-med/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** The layers of a model that are random while training. */
export interface RandomLayers {
  /** Makes the next step's random numbers depend on the run's seed and the number of the step alone. */
  setStep(seed: number, step: number): void;
  /** Whether there are any. */
  readonly any: boolean;
  /** Names of layers whose random numbers a resumed run cannot repeat. */
  readonly unrepeatable: readonly string[];
}

/** Layers of TF.js whose random stream cannot be seeded for a step. */
const unseededClasses = new Set([
  'Dropout',
  'AlphaDropout',
  'GaussianDropout',
  'GaussianNoise',
  'SpatialDropout1D',
]);

/** Finds the layers of a model, including nested models, that are random while training. */
export function findRandomLayers(model: LayersModel): RandomLayers {
  const layers = allLayers(model.layers);
  const seeded = layers.filter(isStepSeeded);
  const unseeded = layers.filter(
    (layer) => unseededClasses.has(layer.getClassName()) && !isStepSeeded(layer),
  );
  return {
    any: seeded.length + unseeded.length > 0,
    setStep: (seed, step) => seeded.forEach((layer) => layer.setStep(seed, step)),
    unrepeatable: unseeded.map(({ name }) => name),
  };
}

type Layer = LayersModel['layers'][number];

function isStepSeeded(layer: Layer): layer is Layer & StepSeeded {
  return typeof (layer as Partial<StepSeeded>).setStep === 'function';
}

/** Layers with those of nested models. */
export function allLayers(layers: readonly Layer[]): Layer[] {
  return layers.flatMap((layer) => [
    layer,
    ...allLayers((layer as Partial<LayersModel>).layers ?? []),
  ]);
}
