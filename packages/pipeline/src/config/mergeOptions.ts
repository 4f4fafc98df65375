/** Options as they come from YAML files or flags: nested plain objects. */
export type RawOptions = { [key: string]: unknown };

/**
 * Merges nested options; later layers win. Lists and scalars are replaced as a whole, `undefined` is skipped, and the
 * inputs are not changed. Options of the augmentation that follow the name of a preset start from it, and a preset that
 * follows options replaces them.
 */
export function mergeOptions(...layers: readonly RawOptions[]): RawOptions {
  return layers.reduce<RawOptions>((merged, layer) => mergeTwo(merged, layer), {});
}

function mergeTwo(below: RawOptions, above: RawOptions): RawOptions {
  const merged = { ...below };
  for (const [key, value] of Object.entries(above)) {
    if (value === undefined) continue;
    const present = key === 'augmentation' ? asPreset(merged[key]) : merged[key];
    const startsOver = isPlainObject(value) && key === 'augmentation' && 'preset' in value;
    merged[key] =
      isPlainObject(value) && isPlainObject(present) && !startsOver
        ? mergeTwo(present, value)
        : value;
  }
  return merged;
}

/** The name of an augmentation preset as the option that names it; anything else as it is. */
function asPreset(augmentation: unknown): unknown {
  return typeof augmentation === 'string' && augmentation !== 'auto'
    ? { preset: augmentation }
    : augmentation;
}

/** Options with one value at a dotted path, e.g. `training.learningRate`. */
export function setOption(path: string, value: unknown): RawOptions {
  return path
    .split('.')
    .reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as RawOptions;
}

/** Whether a value is an object with named entries, neither null nor a list. */
export function isPlainObject(value: unknown): value is RawOptions {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A copy of an object without some of its keys. */
export function omitKeys<T extends object, K extends keyof T>(
  object: T,
  ...keys: readonly K[]
): Omit<T, K> {
  return Object.fromEntries(
    Object.entries(object).filter(([key]) => !(keys as readonly string[]).includes(key)),
  ) as Omit<T, K>;
}
