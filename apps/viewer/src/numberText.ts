/** `83.2 %`; `< 0.1 %` and `> 99.9 %` where rounding would claim certainty. */
export function percentText(probability: number): string {
  if (probability > 0 && probability < 0.001) return '< 0.1 %';
  if (probability < 1 && probability > 0.999) return '> 99.9 %';
  return `${(100 * probability).toFixed(1)} %`;
}

/** A threshold in percent, with as many digits as tell it from 0 and 1. */
export function thresholdPercent(threshold: number): string {
  const percent = 100 * threshold;
  const digits = [1, 2, 3, 4, 5].find((n) => {
    const rounded = Number(percent.toFixed(n));
    return rounded > 0 && rounded < 100;
  });
  return `${digits === undefined ? percent.toPrecision(3) : percent.toFixed(digits)} %`;
}

/** A distance of probabilities in percentage points, without its sign: `12.3 points`. */
export function pointsText(difference: number): string {
  const points = Math.abs(100 * difference);
  const text = points > 0 && points < 0.1 ? points.toPrecision(1) : points.toFixed(1);
  return `${text} points`;
}

/** A pixel value with at most one decimal. */
export const valueText = (value: number, range: number): string =>
  value.toLocaleString('en', { maximumFractionDigits: range < 10 ? 2 : 0 });
