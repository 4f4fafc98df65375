import { count, saliencyMapTitle } from '@nonlocal-med/core';
import type { MapSummary, MeanInterval, RunExplanation } from '@nonlocal-med/pipeline';
import { type Column, formatTable } from '@nonlocal-med/terminal';

/** The output of `explain`: number of images, scores per map, maps without evidence, and the folder. */
export function explanationText({ folder, index, summary }: RunExplanation): string {
  const { withLesions } = summary[0];
  const lesions = withLesions === 0 ? 'none with a lesion mask' : `${withLesions} with lesions`;
  const tables = scoreTables(summary);
  const scores = tables.length === 0 ? '' : `; means with 95 % intervals\n${tables.join('\n\n')}\n`;
  const zeroMaps = summary
    .filter((map) => map.zeroMaps > 0)
    .map(
      (map) =>
        `${saliencyMapTitle(map)}: ${map.zeroMaps} of ${count(withLesions, 'map')} zero everywhere, without evidence for the class.\n`,
    );
  return `${count(index.images.length, 'image')}, ${lesions}; ${index.weights} weights${scores}${zeroMaps.join('')}\nOverlays: ${folder}\n`;
}

/** As many maps as fit 80 characters. */
const MAPS_PER_TABLE = 3;

/** Tables with scores in rows and maps in columns. Rows without any number are left out. */
function scoreTables(summary: readonly MapSummary[]): string[] {
  const tables: string[] = [];
  for (let first = 0; first < summary.length; first += MAPS_PER_TABLE) {
    const { columns, rows } = scoreTable(summary.slice(first, first + MAPS_PER_TABLE));
    if (rows.length > 0) tables.push(formatTable(columns, rows));
  }
  return tables;
}

function scoreTable(summary: readonly MapSummary[]): {
  columns: Column[];
  rows: string[][];
} {
  const scores: [title: string, text: (map: MapSummary) => string][] = [
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
      ...summary.map((map) => ({ title: saliencyMapTitle(map), align: 'right' as const })),
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
