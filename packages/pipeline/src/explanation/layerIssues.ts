import { type Issue, suggestName } from '@nonlocal-med/core';
import { explanationLayers } from '@nonlocal-med/models';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** What is wrong with layers that maps are asked of: a model has no such layer, or its output is no map. */
export function layerIssues(
  model: LayersModel,
  layers: readonly string[],
  name = model.name,
): Issue[] {
  const usual = `usual ones: ${explanationLayers(model).join(', ')}`;
  return layers.flatMap((layer): Issue[] => {
    const found = model.layers.find((candidate) => candidate.name === layer);
    const shape = found?.outputShape;
    if (Array.isArray(shape) && shape.length === 4 && !Array.isArray(shape[0])) return [];
    if (found !== undefined)
      return [{ path: 'layer', message: `the output of "${layer}" is no map`, hint: usual }];
    const near = suggestName(
      layer,
      model.layers.map((candidate) => candidate.name),
    );
    return [
      {
        path: 'layer',
        message: `${name} has no layer "${layer}"`,
        hint: `${near === undefined ? '' : `did you mean "${near}"? `}${usual}`,
      },
    ];
  });
}
