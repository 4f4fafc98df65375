import type { FindingReport, FindingsReport } from '@nonlocal-med/metrics';
import type { WeightsChoice } from '@nonlocal-med/runs';
import { weightsTitle } from '../../tables/weightsTitle.js';
import type { PredictionsData } from '../client/predictionsData.js';
import { missingPredictionsNote } from '../decide/missingPredictions.js';
import { html, type Markup } from '../html/html.js';
import { htmlTable } from '../html/htmlTable.js';
import { type PageModel, resultsWith } from '../pageModel.js';
import { type PageSection, weightsPanels } from '../pageSection.js';

/**
 * How often each finding is called present at its threshold: what a confusion matrix shows for classes.
 * @param options.data the predictions whose images a count can open
 */
export function countsSection(
  models: readonly PageModel[],
  { choices, data }: { choices: readonly WeightsChoice[]; data: PredictionsData },
): PageSection {
  const isRepeated = models.some(({ runs }) => runs.length > 1);
  return {
    id: 'counts',
    title: 'Right and wrong calls',
    body: html`<p>
        An image is called positive for a finding if its probability reaches the threshold. Numbers
        are test images${isRepeated && ' over all repeats'} where it is known whether they show the
        finding. Click a number to see its images.
      </p>
      ${weightsPanels(
        choices,
        (weights) =>
          html`<h3 class="print">${weightsTitle[weights]}</h3>
            ${missingPredictionsNote(models, data, weights)}
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
  return html`<div
    class="${style.cssClass}"
    data-counts="${weights}"
    data-model="${style.cssClass}"
    data-repeats="${runs.length}"
  >
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
          return [
            finding,
            thresholdsOf(reports, f)
              .map((threshold) => String(Number(threshold.toFixed(4))))
              .join(', '),
            total('found'),
            total('missed'),
            total('falseAlarms'),
            total('correctlyNegative'),
            total('unknown'),
          ];
        }),
      },
      {
        caption: `${title}, ${weightsTitle[weights]}`,
        cell: (text, f, column) =>
          outcomes[column] === undefined || thresholdsOf(reports, f).length > 1
            ? text
            : countMarkup(text, {
                outcome: outcomes[column],
                finding: f,
                name: reports[0].findings[f],
                threshold: thresholdsOf(reports, f)[0],
              }),
      },
    )}
  </div>`;
}

/** Truth and call of the images of a column. */
const outcomes: Readonly<Record<number, readonly [truth: 0 | 1, called: 0 | 1]>> = {
  2: [1, 1],
  3: [1, 0],
  4: [0, 1],
  5: [0, 0],
};

const thresholdsOf = (reports: readonly FindingsReport[], finding: number): number[] => [
  ...new Set(reports.map(({ perFinding }) => perFinding[finding].threshold)),
];

interface CountMarkup {
  readonly outcome: readonly [truth: 0 | 1, called: 0 | 1];
  readonly finding: number;
  readonly name: string;
  readonly threshold: number;
}

/** A number that the page's script makes open its images. */
function countMarkup(
  text: string,
  { outcome: [truth, called], finding, name, threshold }: CountMarkup,
): Markup {
  const title = `${truth === 1 ? 'With' : 'Without'} ${name}, ${called === 1 ? 'called positive' : 'not called positive'}`;
  return html`<span
    data-outcome="${truth} ${called}"
    data-finding="${finding}"
    data-threshold="${threshold}"
    data-title="${title}"
    >${text}</span
  >`;
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
