import { oneVsRest } from '@nonlocal-med/metrics';
import type { ExperimentSummary } from '../../statistics/experimentSummary.js';
import { weightsTitle } from '../../tables/weightsTitle.js';
import { html } from '../html/html.js';
import type { PageSubject } from '../openSubject.js';
import type { PageSummaries } from '../pageModel.js';
import { type PageSection, weightsPanels } from '../pageSection.js';
import { headlineSentences } from './headlineSentences.js';

/** The result in plain sentences, and what was compared on which data. */
export function summarySection(subject: PageSubject, summaries: PageSummaries): PageSection {
  return {
    id: 'summary',
    title: 'Summary',
    body: html`${weightsPanels(
        subject.choices,
        (weights) =>
          html`<div class="lead">
              ${headlineSentences(summaries[weights]!).map((sentence) => html`<p>${keepTogether(sentence)}</p>`)}
              ${summaries[weights]!.cautions.map((sentence) => html`<p class="caution"><strong>Caution:</strong> ${keepTogether(sentence)}</p>`)}
            </div>
            <p class="note">
              These results are for the
              ${weightsTitle[weights]}${weights === 'selected' && ', selected on the validation set'}.
            </p>`,
      )}
      <dl class="facts">
        ${facts(subject, summaries[subject.choices[0]]!).map(
          ([term, text]) =>
            html`<dt>${term}</dt>
              <dd>${text}</dd> `,
        )}
      </dl>
      ${
        subject.notes.length > 0 &&
        html`<ul class="note">
          ${subject.notes.map((note) => html`<li>${note}</li>`)}
        </ul>`
      }`,
  };
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
    ['Models', models.map(({ title }) => title).join(', ')],
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
        : 'none; each model was trained once',
    ],
    ['Compute backend', [...backends].join('; ')],
    ['Trained', dateRange(runs.map((run) => run.environment?.created ?? ''))],
  ];
}

const repeatsText = {
  splits: 'each repeat has its own split and random seed',
  seeds: 'all repeats share one split, each with its own random seed',
  folds: 'each repeat is tested on a different fold',
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
