import type { BandPoint } from '@nonlocal-med/metrics';

/** Mean of several bands at each x that all of them have. */
export function meanBand(bands: readonly (readonly BandPoint[])[]): BandPoint[] {
  const [first, ...others] = bands.map((band) => new Map(band.map((point) => [point.x, point])));
  return [...first.values()].flatMap((point) => {
    const points = [point, ...others.map((other) => other.get(point.x))];
    if (points.some((other) => other === undefined)) return [];
    const mean = (key: 'estimate' | 'lower' | 'upper'): number =>
      points.reduce((sum, other) => sum + other![key], 0) / points.length;
    return [{ x: point.x, estimate: mean('estimate'), lower: mean('lower'), upper: mean('upper') }];
  });
}
