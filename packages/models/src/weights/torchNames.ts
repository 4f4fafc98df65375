/** Parts of the names that Hugging Face's transformers gives a ResNet, and torchvision's. */
const TRANSFORMERS: readonly (readonly [RegExp, string | ((...groups: string[]) => string)])[] = [
  [/^(?:resnet\.)?embedder\.embedder\.convolution\./, 'conv1.'],
  [/^(?:resnet\.)?embedder\.embedder\.normalization\./, 'bn1.'],
  [
    /^(?:resnet\.)?encoder\.stages\.(\d+)\.layers\.(\d+)\.shortcut\.convolution\./,
    (_, stage, block) => `layer${Number(stage) + 1}.${block}.downsample.0.`,
  ],
  [
    /^(?:resnet\.)?encoder\.stages\.(\d+)\.layers\.(\d+)\.shortcut\.normalization\./,
    (_, stage, block) => `layer${Number(stage) + 1}.${block}.downsample.1.`,
  ],
  [
    /^(?:resnet\.)?encoder\.stages\.(\d+)\.layers\.(\d+)\.layer\.(\d+)\.convolution\./,
    (_, stage, block, index) => `layer${Number(stage) + 1}.${block}.conv${Number(index) + 1}.`,
  ],
  [
    /^(?:resnet\.)?encoder\.stages\.(\d+)\.layers\.(\d+)\.layer\.(\d+)\.normalization\./,
    (_, stage, block, index) => `layer${Number(stage) + 1}.${block}.bn${Number(index) + 1}.`,
  ],
  [/^classifier\.1\./, 'fc.'],
];

/**
 * The torchvision name of each key of a weight file: wrappers ("module.", "backbone.", ...) taken off, the names of Hugging
 * Face's transformers translated; timm's ResNet has torchvision's names.
 * @param first first key of the model, by which the wrapper's prefix is found
 * @returns file key -> torchvision key
 */
export function torchNames(keys: readonly string[], first: string): Map<string, string> {
  const translated = keys.map((key) =>
    TRANSFORMERS.reduce(
      (name, [pattern, replacement]) => name.replace(pattern, replacement as string),
      key,
    ),
  );
  const prefix = translated.includes(first) ? '' : wrapperPrefix(translated, first);
  return new Map(
    keys.map((key, index) => [
      key,
      translated[index].startsWith(prefix)
        ? translated[index].slice(prefix.length)
        : translated[index],
    ]),
  );
}

/** What stands before the model's first key, where it stands nearest to the start. */
function wrapperPrefix(keys: readonly string[], first: string): string {
  const prefixes = keys
    .filter((key) => key.endsWith(`.${first}`))
    .map((key) => key.slice(0, -first.length));
  return prefixes.sort((a, b) => a.length - b.length)[0] ?? '';
}
