/** A configuration as dotted paths and values, in its order: `training.schedule.kind` -> `constant`. */
export function flatOptions(value: unknown, path = ''): [path: string, value: string][] {
  if (Array.isArray(value))
    return [
      [
        path,
        value.length === 0
          ? 'none'
          : value.every((item) => typeof item !== 'object')
            ? value.join(', ')
            : JSON.stringify(value),
      ],
    ];
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, inner]) =>
      flatOptions(inner, path === '' ? key : `${path}.${key}`),
    );
  return [[path, String(value)]];
}
