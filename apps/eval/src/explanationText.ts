import type { LayerSummary, MeanInterval, RunExplanation } from '@nonlocal-med/pipeline';
import { type Column, formatTable } from '@nonlocal-med/terminal';

/** The output of `explain`: number of images, scores per layer, maps without evidence, and the folder. */
export function explanationText({ folder, index, summary }: RunExplanation): string {
  const { withLesions } = summary[0];
  const lesions = withLesions === 0 ? 'none with a lesion mask' : `${withLesions} with lesions`;
  const { columns, rows } = scoreTable(summary);
  const table =
    rows.length === 0 ? '' : `; means with 95 % intervals\n${formatTable(columns, rows)}\n`;
  const zeroMaps = summary
    .filter((layer) => layer.zeroMaps > 0)
    .map(
      (layer) =>
        `At ${layer.layer}, ${layer.zeroMaps} of ${withLesions} maps are zero: no evidence for the class.\n`,
    );
  return `${index.images.length} images, ${lesions}; ${index.weights} weights${table}${zeroMaps.join('')}\nOverlays: ${folder}\n`;
}

/** Scores in rows and layers in columns; three layers fit 80 characters. Rows without any number are left out. */
function scoreTable(summary: readonly LayerSummary[]): {
  columns: Column[];
  rows: string[][];
} {
  const scores: [title: string, text: (layer: LayerSummary) => string][] = [
    ['pointing game', ({ pointing }) => intervalText(pointing)],
    ['energy inside', ({ energyInside }) => intervalText(energyInside)],
    ['best IoU', ({ intersectionOverUnion }) => intervalText(intersectionOverUnion)],
    ['chance level', ({ chance }) => chance?.toFixed(3) ?? ''],
    ['deletion', ({ deletion }) => intervalText(deletion)],
    ['insertion', ({ insertion }) => intervalText(insertion)],
  ];
  return {
    columns: [
      { title: '' },
      ...summary.map(({ layer }) => ({ title: layer, align: 'right' as const })),
    ],
    rows: scores
      .map(([title, text]) => [title, ...summary.map(text)])
      .filter(([, ...cells]) => cells.some((cell) => cell !== '')),
  };
}

function intervalText(interval: MeanInterval | null): string {
  if (interval === null) return '';
  const { mean, lower, upper } = interval;
  return lower === null || upper === null
    ? mean.toFixed(3)
    : `${mean.toFixed(3)} (${lower.toFixed(3)}-${upper.toFixed(3)})`;
}
