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
  const named = namesOfChildren(keys);
  const translated = named.map((key) =>
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

/** A tensor that only this network has at this number among its children, and the names of the children. */
const NUMBERED: readonly (readonly [RegExp, Readonly<Record<string, string>>])[] = [
  [
    /^(.*\.)?4\.0\.conv1\.weight$/,
    { 0: 'conv1', 1: 'bn1', 4: 'layer1', 5: 'layer2', 6: 'layer3', 7: 'layer4', 9: 'fc' },
  ],
  [
    /^(.*\.)?2\.0\.branch2\.0\.weight$/,
    { 0: 'conv1', 2: 'stage2', 3: 'stage3', 4: 'stage4', 5: 'conv5', 6: 'fc' },
  ],
];

/** Replaces the numbers that `nn.Sequential(*model.children())` gives to the parts of a network by their names. */
function namesOfChildren(keys: readonly string[]): readonly string[] {
  for (const [pattern, children] of NUMBERED) {
    const match = keys.map((key) => pattern.exec(key)).find((found) => found !== null);
    if (match === undefined) continue;
    const prefix = match[1] ?? '';
    return keys.map((key) => {
      if (!key.startsWith(prefix)) return key;
      const [number, ...rest] = key.slice(prefix.length).split('.');
      return number in children ? [children[number], ...rest].join('.') : key;
    });
  }
  return keys;
}

/** The shortest prefix of the model's first key. */
function wrapperPrefix(keys: readonly string[], first: string): string {
  const prefixes = keys
    .filter((key) => key.endsWith(`.${first}`))
    .map((key) => key.slice(0, -first.length));
  return prefixes.sort((a, b) => a.length - b.length)[0] ?? '';
}
