/** A duration as `0.4 s`, `12 s`, `3 min 05 s` or `2 h 07 min`; `-` if it is negative or not finite. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '-';
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const rounded = Math.round(seconds);
  if (rounded < 60) return `${rounded} s`;
  const minutes = Math.floor(rounded / 60);
  if (minutes < 60) return `${minutes} min ${twoDigits(rounded % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** A number with a fixed count of decimals; `-` for null, undefined and NaN. */
export function formatNumber(value: number | null | undefined, decimals = 4): string {
  return value === null || value === undefined || Number.isNaN(value)
    ? '-'
    : value.toFixed(decimals);
}
