import {
  isAttentionMethod,
  type Issue,
  type SaliencyMap,
  type SaliencyMethod,
  suggestName,
} from '@nonlocal-med/core';
import { attentionLayers } from '@nonlocal-med/explain';
import { explanationLayers } from '@nonlocal-med/models';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** The model that maps are chosen for. */
export interface MappedModel {
  readonly model: LayersModel;
  readonly name: string;
}

/** Methods and layers, as options give them. */
interface MapChoice {
  readonly methods?: readonly SaliencyMethod[];
  readonly layers?: readonly string[];
}

/** Feature maps in which lesions of a few pixels are still apart. */
const EARLY_LAYERS = ['e1', 'e2'];

/**
 * The maps to compute: every method at every layer. Attention maps exist only at layers with attention; of given layers,
 * the others are left to the other methods. Without layers, each method is used where it suits the model.
 */
export function resolveMaps(model: LayersModel, { methods, layers }: MapChoice): SaliencyMap[] {
  if (methods === undefined && layers === undefined) return defaultMaps(model);
  return (methods ?? ['gradcam']).flatMap((method) => {
    const usual = usualLayers(model, method);
    const chosen = isAttentionMethod(method)
      ? usual.filter((layer) => layers?.includes(layer) ?? true)
      : (layers ?? usual);
    return chosen.map((layer) => ({ method, layer }));
  });
}

/**
 * The maps of a model, the default first: the early map that finds small lesions best, Grad-CAM of the map that is
 * classified, and where attention comes from, if the model has it (docs/explanations.md).
 */
function defaultMaps(model: LayersModel): SaliencyMap[] {
  return (['gradcam++', 'gradcam', 'attention-source'] as const).flatMap((method) =>
    usualLayers(model, method)
      .slice(0, 1)
      .map((layer) => ({ method, layer })),
  );
}

/** The layers at which a method is used unless others are given. */
function usualLayers(model: LayersModel, method: SaliencyMethod): string[] {
  if (isAttentionMethod(method)) return attentionLayers(model);
  const classified = explanationLayers(model);
  if (method === 'gradcam') return classified;
  const early = EARLY_LAYERS.filter((name) => model.layers.some((layer) => layer.name === name));
  return [...new Set([...early, ...classified.slice(0, 1)])];
}

/** Issues of the choice of maps: layers that do not exist or are no feature maps, attention where there is none. */
export function mapIssues(
  { model, name }: MappedModel,
  { methods = [], layers = [] }: MapChoice,
): Issue[] {
  return [
    ...layerIssues({ model, name }, layers),
    ...attentionIssues({ model, name }, { methods, layers }),
  ];
}

function layerIssues({ model, name }: MappedModel, layers: readonly string[]): Issue[] {
  const usual = `usual layers: ${explanationLayers(model).join(', ')}`;
  return layers.flatMap((layer): Issue[] => {
    const found = model.layers.find((candidate) => candidate.name === layer);
    if (found === undefined) {
      const near = suggestName(
        layer,
        model.layers.map((candidate) => candidate.name),
      );
      const hint = near === undefined ? usual : `did you mean "${near}"? ${usual}`;
      return [{ path: 'layer', message: `${name} has no layer "${layer}"`, hint }];
    }
    const shape = found.outputShape;
    if (Array.isArray(shape) && shape.length === 4 && !Array.isArray(shape[0])) return [];
    return [
      { path: 'layer', message: `the output of "${layer}" is not a feature map`, hint: usual },
    ];
  });
}

function attentionIssues(
  { model, name }: MappedModel,
  { methods, layers }: Required<MapChoice>,
): Issue[] {
  const usable = attentionLayers(model);
  return methods.filter(isAttentionMethod).flatMap((method): Issue[] => {
    if (usable.length === 0)
      return [
        {
          path: 'method',
          message: `${name} has no non-local attention, which "${method}" shows`,
          hint: 'a model with it, such as resnet18-nla, or another method',
        },
      ];
    if (layers.length > 0 && !layers.some((layer) => usable.includes(layer)))
      return [
        {
          path: 'method',
          message: `"${method}" needs a layer with attention, got ${layers.join(', ')}`,
          hint: usable.join(', '),
        },
      ];
    return [];
  });
}
