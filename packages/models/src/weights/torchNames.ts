/** Parts of the names of a ResNet in Hugging Face's transformers, and what they are in torchvision. */
const TRANSFORMERS: readonly (readonly [RegExp, string | ((...groups: string[]) => string)])[] = [
  [/^(?:resnet\.)?embedder\.embedder\.convolution\./, 'conv1.'],
  [/^(?:resnet\.)?embedder\.embedder\.normalization\./, 'bn1.'],
  [/^(?:resnet\.)?encoder\.stages\.(\d+)\.layers\./, (_, stage) => `layer${Number(stage) + 1}.`],
  [/(?<=^layer\d+\.\d+\.)shortcut\.convolution\./, 'downsample.0.'],
  [/(?<=^layer\d+\.\d+\.)shortcut\.normalization\./, 'downsample.1.'],
  [/(?<=^layer\d+\.\d+\.)layer\.(\d+)\.convolution\./, (_, index) => `conv${Number(index) + 1}.`],
  [/(?<=^layer\d+\.\d+\.)layer\.(\d+)\.normalization\./, (_, index) => `bn${Number(index) + 1}.`],
  [/^classifier\.1\./, 'fc.'],
];

/**
 * The torchvision name of each key of a weight file: prefixes of wrappers ("module.", "backbone.", ...) are removed and the
 * names of Hugging Face's transformers translated; timm's ResNet has torchvision's names.
 * @param first the first key of the model, which reveals the wrapper's prefix
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

/** The shortest prefix of the model's first key. */
function wrapperPrefix(keys: readonly string[], first: string): string {
  const prefixes = keys
    .filter((key) => key.endsWith(`.${first}`))
    .map((key) => key.slice(0, -first.length));
  return prefixes.sort((a, b) => a.length - b.length)[0] ?? '';
}
