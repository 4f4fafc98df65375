const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** A number of bytes in binary units, three digits, never four: `512 B`, `1.50 MiB`. */
export function formatBytes(bytes: number): string {
  const power =
    bytes < 1000
      ? 0
      : Math.min(units.length - 1, Math.floor(Math.log(bytes * 1.024) / Math.log(1024)));
  return power === 0 ? `${bytes} B` : `${(bytes / 1024 ** power).toPrecision(3)} ${units[power]}`;
}
