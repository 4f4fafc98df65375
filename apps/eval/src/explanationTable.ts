import type { LayerSummary, MeanInterval } from '@nonlocal-med/pipeline';
import type { Column } from '@nonlocal-med/terminal';

/** Scores in rows, layers in columns: three layers fit 80 characters. Rows without any number are left out. */
export function explanationTable(summary: readonly LayerSummary[]): {
  columns: Column[];
  rows: string[][];
} {
  const scores: [string, (layer: LayerSummary) => string | null][] = [
    ['pointing game', ({ pointing }) => withInterval(pointing)],
    ['energy inside', ({ energyInside }) => withInterval(energyInside)],
    ['best IoU', ({ intersectionOverUnion }) => withInterval(intersectionOverUnion)],
    ['chance level', ({ chance }) => chance?.toFixed(3) ?? null],
    ['deletion', ({ deletion }) => withInterval(deletion)],
    ['insertion', ({ insertion }) => withInterval(insertion)],
  ];
  const rows = scores
    .map(([title, text]) => [title, ...summary.map((layer) => text(layer) ?? '')])
    .filter(([, ...cells]) => cells.some((cell) => cell !== ''));
  return {
    columns: [
      { title: '' },
      ...summary.map(({ layer }) => ({ title: layer, align: 'right' as const })),
    ],
    rows,
  };
}

function withInterval(value: MeanInterval | null): string | null {
  if (value === null) return null;
  const { mean, lower, upper } = value;
  return lower === null || upper === null
    ? mean.toFixed(3)
    : `${mean.toFixed(3)} (${lower.toFixed(3)}-${upper.toFixed(3)})`;
}
