import { experimentFiles, runFiles } from '@nonlocal-med/runs';
import { environmentTable } from '../environmentTable.js';
import { html } from '../html/html.js';
import { htmlTable } from '../html/htmlTable.js';
import type { Markup } from '../html/markup.js';
import { optionTable } from '../optionTable.js';
import type { PageModel } from '../pageModel.js';
import type { PageSubject } from '../pageSubject.js';
import type { PageSection } from '../part/sectionMarkup.js';
import { shellQuoted } from '../part/shellQuoted.js';

/** Commands, options and environment: enough to get the same numbers again. */
export function repeatSection(subject: PageSubject): PageSection {
  const { models } = subject;
  const runs = runsOf(models);
  const options = optionTable(
    models.map(({ title, runs }) => ({ title, options: runs[0].config ?? {} })),
  );
  const environments = optionTable(
    runs.map(({ title, run }) => ({ title, options: run.environment ?? {} })),
  );
  return {
    id: 'repeat',
    title: 'How to repeat it',
    body: html`<p>
        The same data, options, seed, versions and engine give the same run to the last digit on one
        machine; another processor or thread count moves last digits, which training can amplify.
      </p>
      <pre tabindex="0" aria-label="Commands" role="group"><code>${commands(subject)}</code></pre>
      <h3>Options</h3>
      ${options.different.rows.length > 0 && htmlTable(options.different, { caption: 'Where the models differ' })}
      <details>
        <summary>Options that all share (${options.equal.rows.length})</summary>
        ${htmlTable(options.equal, { caption: 'Options that all share' })}
      </details>
      ${seedTable(models)}
      <h3>Environment</h3>
      ${environmentTable(runs.map(({ run }) => run))}
      ${
        environments.different.rows.length > 0 &&
        html`<details>
          <summary>
            Where the records of the runs differ (${environments.different.rows.length})
          </summary>
          ${htmlTable(environments.different, { caption: 'Where the records of the runs differ' })}
        </details>`
      }
      <details>
        <summary>
          All that was recorded and is the same for all runs (${environments.equal.rows.length})
        </summary>
        ${htmlTable(environments.equal, { caption: 'The same for all runs' })}
      </details>`,
  };
}

const runsOf = (
  models: readonly PageModel[],
): { title: string; run: PageModel['runs'][number] }[] =>
  models.flatMap(({ title, runs }) =>
    runs.map((run) => ({
      title: runs.length > 1 ? `${title}, repeat ${run.repeat + 1}` : title,
      run,
    })),
  );

/** For an experiment its own command; for runs the training of each. */
function commands({ models, experiment, place }: PageSubject): string {
  const [first] = models[0].runs;
  const training = experiment
    ? [
        `# The whole experiment\npnpm --filter trainer start experiment ${shellQuoted(`${place}/${experimentFiles.definition}`)} --out ${shellQuoted(`${place}-again`)}`,
        `# One of its runs`,
      ]
    : [];
  const runs = experiment ? [first] : models.map(({ runs: [run] }) => run);
  return [
    ...training,
    ...runs.map(
      (run) =>
        `pnpm --filter trainer start train --config ${shellQuoted(`${run.place}/${runFiles.config}`)} --out ${shellQuoted(`${run.place}-again`)}`,
    ),
    `# The metrics of a run from its weights, compared with the recorded ones\npnpm --filter eval start evaluate ${shellQuoted(first.place)}`,
    `# This page\npnpm --filter eval start report ${(experiment ? [place] : runs.map((run) => run.place)).map(shellQuoted).join(' ')}`,
  ].join('\n');
}

/** Seed, epochs and size of the sides of every run. */
function seedTable(models: readonly PageModel[]): Markup {
  return htmlTable(
    {
      columns: [
        { title: 'run' },
        { title: 'folder' },
        ...['seed', 'training images', 'validation', 'test', 'selected epoch', 'last epoch'].map(
          (title) => ({ title, align: 'right' as const }),
        ),
      ],
      rows: runsOf(models).map(({ title, run: { place, config, environment, metrics } }) => [
        title,
        place,
        String(config?.seed ?? environment?.seed ?? '-'),
        ...[metrics.images.train, metrics.images.validation, metrics.images.test].map(String),
        String(metrics.selectedEpoch ?? '-'),
        String(metrics.lastEpoch),
      ]),
    },
    { caption: 'Runs' },
  );
}
