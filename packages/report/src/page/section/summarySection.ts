import type { WeightsChoice } from '@nonlocal-med/runs';
import type { ExperimentSummary } from '../../summary/experimentSummary.js';
import { headlineSentences } from '../headlineSentences.js';
import { html, type HtmlValue } from '../html/html.js';
import type { PageSubject } from '../pageSubject.js';
import type { PageSection } from '../part/sectionMarkup.js';
import { weightsPanels } from '../part/weightsPanels.js';
import { weightsTitle } from '../part/weightsTitle.js';

/** What was compared, on what, and what came out. */
export function summarySection(
  subject: PageSubject,
  summaries: Readonly<Partial<Record<WeightsChoice, ExperimentSummary>>>,
): PageSection {
  return {
    id: 'summary',
    title: 'Summary',
    body: html`${weightsPanels(
        subject.choices,
        (weights) =>
          html`<div class="lead">
              ${headlineSentences(summaries[weights]!).map((sentence) => html`<p>${sentence}</p>`)}
            </div>
            <p class="note">
              With the weights of the
              ${weightsTitle[weights]}${weights === 'selected' && ', chosen on the validation side'}.
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

function facts(
  { models, experiment }: PageSubject,
  summary: ExperimentSummary,
): [string, HtmlValue][] {
  const { environment, metrics } = models[0].runs[0];
  const { train, validation, test } = metrics.images;
  const supports = metrics.last.perClass
    .map(({ class: name, support }) => `${name} (${support})`)
    .join(', ');
  const engines = new Set(
    models.flatMap(({ runs }) => runs.map((run) => engineText(run.environment?.engine))),
  );
  return [
    ['Compared', models.map(({ title }) => title).join(', ')],
    [
      'Data',
      `${environment?.data?.name ?? summary.data}: ${train} training, ${validation} validation, ${test} test images${experiment ? ' in the first repeat' : ''}`,
    ],
    ['Classes', `${supports} of the test images`],
    [
      'Repeats',
      experiment
        ? `${summary.finished} of ${summary.planned} runs finished; ${repeatsText[summary.repeats.kind]}`
        : 'none: one training of each model',
    ],
    ['Engine', [...engines].join('; ')],
    [
      'Made',
      dates(models.flatMap(({ runs }) => runs.map((run) => run.environment?.created ?? ''))),
    ],
  ];
}

const repeatsText = {
  splits: 'each repeat has a split and a seed of its own',
  seeds: 'one split, each repeat a seed of its own',
  folds: 'each repeat tests on another fold',
} as const;

function engineText(engine: Readonly<Record<string, unknown>> | undefined): string {
  if (engine === undefined) return 'not recorded';
  const version = typeof engine.tensorflow === 'string' ? ` (TensorFlow ${engine.tensorflow})` : '';
  return `${String(engine.engine)}${version}${typeof engine.device === 'string' ? ` on ${engine.device}` : ''}`;
}

function dates(created: readonly string[]): string {
  const days = created
    .filter((date) => date !== '')
    .map((date) => date.slice(0, 10))
    .sort();
  if (days.length === 0) return 'not recorded';
  return days[0] === days.at(-1) ? days[0] : `${days[0]} to ${days.at(-1)}`;
}
