import type { BandPoint } from '@nonlocal-med/metrics';

/** A point of a curve. */
export type CurvePoint = readonly [x: number, y: number];

/** A model's curve for one class: its line, the band around it, and each repeat's own line where there are several. */
export interface Curve {
  readonly line: readonly CurvePoint[];
  readonly band: readonly { readonly x: number; readonly lower: number; readonly upper: number }[];
  readonly repeats: readonly (readonly CurvePoint[])[];
  /** Heights at equal steps, for the table of numbers. */
  readonly grid: readonly BandPoint[];
}
