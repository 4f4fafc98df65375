/** Which tensors of a weight file were loaded. */
export interface LoadReport {
  /** Keys that were written into the model. */
  readonly loaded: readonly string[];
  /** Keys of the model that the file does not have; they keep their initial values. */
  readonly missing: readonly string[];
  /** Keys of the file that the model does not have. */
  readonly leftOver: readonly string[];
  /** Classifier weights of another size, which were skipped. */
  readonly dropped: readonly OtherShape[];
  /** What was converted or assumed, if anything. */
  readonly notes?: readonly string[];
}

/** A tensor whose shape in the file differs from the model's. */
export interface OtherShape {
  readonly key: string;
  readonly inFile: readonly number[];
  readonly inModel: readonly number[];
}

/** A {@link LoadReport} as one sentence. */
export function describeLoadReport({
  loaded,
  missing,
  leftOver,
  dropped,
  notes = [],
}: LoadReport): string {
  const parts = [
    `${loaded.length} of ${loaded.length + missing.length + dropped.length} tensors loaded`,
  ];
  if (dropped.length > 0)
    parts.push(
      `skipped because of their size: ${dropped.map(({ key, inFile, inModel }) => `${key} [${inFile.join(', ')}] for [${inModel.join(', ')}]`).join(', ')}`,
    );
  if (missing.length > 0) parts.push(`not in the file: ${listKeys(missing)}`);
  if (leftOver.length > 0) parts.push(`not in the model: ${listKeys(leftOver)}`);
  parts.push(...notes);
  return `${parts.join('; ')}.`;
}

/** Keys grouped by module: `layer1.0.att.* (4)`. */
function listKeys(keys: readonly string[]): string {
  const modules = new Map<string, number>();
  for (const key of keys) {
    const module = key.includes('.') ? key.slice(0, key.lastIndexOf('.')) : key;
    modules.set(module, (modules.get(module) ?? 0) + 1);
  }
  const names = [...modules].map(([module, count]) => `${module}.* (${count})`);
  return names.length > 6
    ? `${names.slice(0, 6).join(', ')} and ${names.length - 6} more modules`
    : names.join(', ');
}
