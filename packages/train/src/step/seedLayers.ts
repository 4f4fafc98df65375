import type { StepSeeded } from '@nonlocal-med/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

type Layer = LayersModel['layers'][number];

/** Layers that TF.js draws random numbers for from a stream that cannot be set again. */
const unrepeatable = new Set([
  'Dropout',
  'AlphaDropout',
  'GaussianDropout',
  'GaussianNoise',
  'SpatialDropout1D',
]);

/** The layers of a model that draw random numbers while training. */
export interface RandomLayers {
  /** Makes the next step's random numbers depend on the run's seed and the step's number alone. */
  setStep(seed: number, step: number): void;
  /** Whether there are any. */
  readonly any: boolean;
  /** Names of layers whose numbers cannot be repeated after a resume. */
  readonly unrepeatable: readonly string[];
}

/** Finds the layers of a model, nested models included, that draw random numbers. */
export function seedLayers(model: LayersModel): RandomLayers {
  const layers = allLayers(model.layers);
  const seeded = layers.filter(
    (layer): layer is Layer & StepSeeded =>
      typeof (layer as Partial<StepSeeded>).setStep === 'function',
  );
  const unset = layers.filter(
    (layer) =>
      unrepeatable.has(layer.getClassName()) && !seeded.includes(layer as Layer & StepSeeded),
  );
  return {
    any: seeded.length + unset.length > 0,
    setStep: (seed, step) => seeded.forEach((layer) => layer.setStep(seed, step)),
    unrepeatable: unset.map((layer) => layer.name),
  };
}

function allLayers(layers: readonly Layer[]): Layer[] {
  return layers.flatMap((layer) => [
    layer,
    ...allLayers((layer as Partial<LayersModel>).layers ?? []),
  ]);
}
