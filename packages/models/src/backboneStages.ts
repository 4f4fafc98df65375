import type { LayersModel } from '@tensorflow/tfjs-layers';

/** Layers of torchvision's networks by stage: of ResNet18, then of ShuffleNetV2. */
const stagesOf: readonly (readonly RegExp[])[] = [
  [
    /^(conv1|bn1)$/,
    /^layer1\.\d\.(conv|bn|downsample\.)\d$/,
    /^layer2\.\d\.(conv|bn|downsample\.)\d$/,
    /^layer3\.\d\.(conv|bn|downsample\.)\d$/,
    /^layer4\.\d\.(conv|bn|downsample\.)\d$/,
  ],
  [
    /^conv1\.\d$/,
    /^stage2\.\d\.branch\d\.\d$/,
    /^stage3\.\d\.branch\d\.\d$/,
    /^stage4\.\d\.branch\d\.\d$/,
    /^conv5\.\d$/,
  ],
];

/**
 * The layers with weights that a model has in common with torchvision's network, by stage from the input on: those that
 * pretrained weights fill, without the classifier. Of ResNet18 these are the stem (`conv1`, `bn1`) and `layer1` to `layer4`;
 * of ShuffleNetV2 the stem, `stage2` to `stage4`, and `conv5` where the model has it. Attention, gates, fusion and classifier
 * are in none of them.
 * @param model a model of {@link createModel}
 * @returns names of layers, [stages][layers]
 *
 * @example
 * ```ts
 * import { useEngine } from '@nonlocal-med/engine';
 * import { backboneStages, createModel } from '@nonlocal-med/models';
 *
 * await useEngine({ backend: 'wasm' });
 * const model = createModel('resnet18-nla', { classes: 2 });
 * const stages = backboneStages(model);
 * console.log(stages.length, stages[0].join(' ')); // 5 conv1 bn1
 * ```
 */
export function backboneStages(model: LayersModel): string[][] {
  const names = model.layers.filter(({ weights }) => weights.length > 0).map(({ name }) => name);
  return stagesOf
    .map((stages) => stages.map((stage) => names.filter((name) => stage.test(name))))
    .map((stages) => stages.filter((layers) => layers.length > 0))
    .reduce((most, other) => (other.length > most.length ? other : most));
}
