import { count } from '@nonlocal-med/core';
import { oneVsRest } from '@nonlocal-med/metrics';
import type { WeightsChoice } from '@nonlocal-med/runs';
import type { ExperimentSummary } from '../../statistics/experimentSummary.js';
import { weightsTitle } from '../../tables/weightsTitle.js';
import { html, type Markup } from '../html/html.js';
import type { PageSubject } from '../openSubject.js';
import { keyNumberTiles } from '../overview/keyNumber.js';
import { keyNumbers } from '../overview/keyNumbers.js';
import { overviewFigure } from '../overview/overviewFigure.js';
import { plainVerdict } from '../overview/plainVerdict.js';
import type { PageModel, PageSummaries } from '../pageModel.js';
import { type PageSection, weightsPanels } from '../pageSection.js';
import { headlineSentences } from './headlineSentences.js';

/**
 * The answer first: plain sentences, four numbers with their intervals, the most important warning, one figure of the whole
 * result and the most confident errors; then what was compared on which data.
 * @param errors images of the most confident errors; empty if there are none
 */
export function summarySection(
  subject: PageSubject,
  summaries: PageSummaries,
  errors: Markup,
): PageSection {
  const { models, choices, notes } = subject;
  return {
    id: 'summary',
    title: 'Summary',
    body: html`<div class="answer">
        <div>
          ${weightsPanels(choices, (weights) => answerMarkup(summaries[weights]!, { models, weights }))}
        </div>
        <div>
          ${weightsPanels(choices, (weights) => overviewFigure(summaries[weights]!, { models, weights }))}
          ${errors}
        </div>
      </div>
      <dl class="facts">
        ${facts(subject, summaries[choices[0]]!).map(
          ([term, text]) =>
            html`<dt>${term}</dt>
              <dd>${text}</dd> `,
        )}
      </dl>
      ${
        notes.length > 0 &&
        html`<ul class="note">
          ${notes.map((note) => html`<li>${note}</li>`)}
        </ul>`
      }`,
  };
}

function answerMarkup(
  summary: ExperimentSummary,
  { models, weights }: { models: readonly PageModel[]; weights: WeightsChoice },
): Markup {
  const sentences = [...headlineSentences(summary), ...plainVerdict(models, weights)];
  return html`<div class="lead">
      ${sentences.map((sentence) => html`<p>${keepTogether(sentence)}</p>`)}
    </div>
    ${keyNumberTiles(keyNumbers(summary, { models, weights }), summary.confidence)}
    ${cautionsMarkup(summary.cautions)}
    <p class="note">
      These results are for the
      ${weightsTitle[weights]}${weights === 'selected' && ', selected on the validation set'}.
    </p>`;
}

/** The first caution, which matters most, open; the others behind it. */
function cautionsMarkup([first, ...others]: readonly string[]): Markup {
  const caution = (text: string): Markup =>
    html`<p class="caution"><strong>Caution:</strong> ${keepTogether(text)}</p>`;
  if (first === undefined) return html``;
  return html`${caution(first)}${
    others.length > 0 &&
    html`<details class="cautions">
      <summary>${count(others.length, 'further caution')}</summary>
      ${others.map(caution)}
    </details>`
  }`;
}

/** Keeps numbers and their percent signs, and "P values", on one line. */
const keepTogether = (sentence: string): string =>
  sentence.replaceAll(' %', '\u00a0%').replaceAll('P values', 'P\u00a0values');

function facts(
  { models, isExperiment }: PageSubject,
  summary: ExperimentSummary,
): [term: string, text: string][] {
  const runs = models.flatMap((model) => model.runs);
  const [{ environment, metrics }] = runs;
  const { train, validation, test } = metrics.images;
  const images = `${train} training, ${validation} validation and ${test} test images`;
  const supports = oneVsRest(metrics.last).map(({ name, positives }) => `${name} (${positives})`);
  const backends = new Set(runs.map((run) => backendText(run.environment?.engine)));
  return [
    ...(models.length > 1
      ? [['Models', models.map(({ title }) => title).join(', ')] as [string, string]]
      : []),
    [
      'Data',
      `${environment?.data?.name ?? summary.data}: ${images}${isExperiment ? ' in the first repeat' : ''}`,
    ],
    [
      `Test images ${summary.task === 'multilabel' ? 'with each finding' : 'by class'}`,
      supports.join(', '),
    ],
    [
      'Repeats',
      isExperiment
        ? `${summary.finished} of ${summary.planned} runs finished; ${repeatsText[summary.repeats.kind]}`
        : `none; ${models.length > 1 ? 'each model' : 'the model'} was trained once`,
    ],
    ['Compute backend', [...backends].join('; ')],
    ['Trained', dateRange(runs.map((run) => run.environment?.created ?? ''))],
  ];
}

const repeatsText = {
  splits: 'each repeat has its own split and random seed',
  seeds: 'all repeats share one split, each with its own random seed',
  folds: 'each repeat is tested on a different fold',
  images: 'each repeat has new images, its own split and random seed',
} as const;

function backendText(engine: Readonly<Record<string, unknown>> | undefined): string {
  if (engine === undefined) return 'not recorded';
  const version = typeof engine.tensorflow === 'string' ? ` (TensorFlow ${engine.tensorflow})` : '';
  const device = typeof engine.device === 'string' ? ` on ${engine.device}` : '';
  return `${String(engine.engine)}${version}${device}`;
}

/** First and last day of ISO 8601 times; empty ones are ignored. */
function dateRange(times: readonly string[]): string {
  const days = times
    .filter((time) => time !== '')
    .map((time) => time.slice(0, 10))
    .sort();
  if (days.length === 0) return 'not recorded';
  return days[0] === days.at(-1) ? days[0] : `${days[0]} to ${days.at(-1)}`;
}
