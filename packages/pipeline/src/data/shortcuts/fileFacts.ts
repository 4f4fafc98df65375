import type { ImageFacts } from '@nonlocal-med/data';

/** The facts on a file that are compared between classes, as a reader would name them. */
export const factNames = [
  'image size',
  'aspect',
  'bit depth',
  'file type',
  'file size',
  'color',
  'border',
] as const;

/** One of {@link factNames}. */
export type FactName = (typeof factNames)[number];

/** The numbers that stand for each fact, [columns][images]. */
export function factColumns(facts: readonly ImageFacts[]): Record<FactName, Float64Array[]> {
  const column = (valueOf: (entry: ImageFacts) => number): Float64Array =>
    Float64Array.from(facts, valueOf);
  const formats = [...new Set(facts.map(({ format }) => format))].sort();
  return {
    'image size': [
      column(({ width }) => width),
      column(({ height }) => height),
      column(({ width, height }) => width * height),
    ],
    aspect: [column(({ width, height }) => width / height)],
    'bit depth': [column(({ depth }) => depth)],
    'file type': formats.map((format) => column((entry) => Number(entry.format === format))),
    'file size': [
      column(({ bytes }) => bytes),
      column(({ bytes, width, height }) => bytes / (width * height)),
    ],
    color: [column(({ color }) => Number(color === 'rgb'))],
    border: [
      column(({ border }) => border.mean),
      column(({ border }) => border.standardDeviation),
      column(({ border }) => border.black),
    ],
  };
}
