import type { FindingReport, FindingsReport } from '@nonlocal-med/metrics';
import type { WeightsChoice } from '@nonlocal-med/runs';
import { weightsTitle } from '../../tables/weightsTitle.js';
import { html, type Markup } from '../html/html.js';
import { htmlTable } from '../html/htmlTable.js';
import { type PageModel, resultsWith } from '../pageModel.js';
import { type PageSection, weightsPanels } from '../pageSection.js';

/** How often each finding is called present at its threshold: what a confusion matrix shows for classes. */
export function countsSection(
  models: readonly PageModel[],
  choices: readonly WeightsChoice[],
): PageSection {
  const isRepeated = models.some(({ runs }) => runs.length > 1);
  return {
    id: 'counts',
    title: 'Right and wrong calls',
    body: html`<p>
        An image is called positive for a finding if its probability reaches the threshold. Numbers
        are test images${isRepeated && ' over all repeats'} where it is known whether they show the
        finding.
      </p>
      ${weightsPanels(
        choices,
        (weights) =>
          html`<h3 class="print">${weightsTitle[weights]}</h3>
            ${models.map((model) => countsTable(model, weights))}`,
      )}`,
  };
}

function countsTable({ title, style, runs }: PageModel, weights: WeightsChoice): Markup {
  const reports = runs.map((run) => resultsWith(run, weights).report as FindingsReport);
  const titles = [
    'threshold',
    'found',
    'missed',
    'false alarms',
    'correctly negative',
    'not known',
  ];
  return html`<div class="${style.cssClass}">
    ${htmlTable(
      {
        columns: [
          { title: 'finding' },
          ...titles.map((column) => ({ title: column, align: 'right' as const })),
        ],
        rows: reports[0].findings.map((finding, f) => {
          const counts = reports.map(({ perFinding }) => countsOf(perFinding[f]));
          const total = (key: keyof (typeof counts)[number]): string =>
            String(counts.reduce((sum, { [key]: count }) => sum + count, 0));
          const thresholds = new Set(reports.map(({ perFinding }) => perFinding[f].threshold));
          return [
            finding,
            [...thresholds].map((threshold) => String(Number(threshold.toFixed(4)))).join(', '),
            total('found'),
            total('missed'),
            total('falseAlarms'),
            total('correctlyNegative'),
            total('unknown'),
          ];
        }),
      },
      { caption: `${title}, ${weightsTitle[weights]}` },
    )}
  </div>`;
}

function countsOf({
  positives,
  negatives,
  unknown,
  predicted,
  sensitivity,
}: FindingReport): Record<
  'found' | 'missed' | 'falseAlarms' | 'correctlyNegative' | 'unknown',
  number
> {
  const found = Math.round((sensitivity.value ?? 0) * positives);
  const falseAlarms = predicted - found;
  return {
    found,
    missed: positives - found,
    falseAlarms,
    correctlyNegative: negatives - falseAlarms,
    unknown,
  };
}
