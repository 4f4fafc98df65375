import { compareOptions } from '../compareOptions.js';
import { html, type Markup } from '../html/html.js';
import { htmlTable } from '../html/htmlTable.js';
import type { PageSubject } from '../openSubject.js';
import type { PageModel, PageRun } from '../pageModel.js';
import type { PageSection } from '../pageSection.js';
import { reproductionCommands } from '../shellCommands.js';
import { environmentTable } from './environmentTable.js';

/** Commands, options and environment: everything that is needed to obtain the same numbers again. */
export function reproductionSection(subject: PageSubject): PageSection {
  const { models } = subject;
  const runs = titledRuns(models);
  const options = compareOptions(
    models.map(({ title, runs: [run] }) => ({ title, options: run.config ?? {} })),
  );
  const environments = compareOptions(
    runs.map(({ title, run }) => ({ title, options: run.environment ?? {} })),
  );
  return {
    id: 'repeat',
    title: 'How to reproduce the results',
    body: html`<p>
        With the same data, options, seed, software versions and compute backend, training on the
        same machine gives identical results. A different processor or number of threads changes the
        last digits, and training can amplify such differences.
      </p>
      <pre
        tabindex="0"
        aria-label="Commands"
        role="group"
      ><code>${reproductionCommands(subject)}</code></pre>
      <h3>Options</h3>
      ${options.different.rows.length > 0 && htmlTable(options.different, { caption: 'Options that differ between models' })}
      <details>
        <summary>Options shared by all models (${options.equal.rows.length})</summary>
        ${htmlTable(options.equal, { caption: 'Options shared by all models' })}
      </details>
      ${runTable(runs)}
      <h3>Environment</h3>
      ${environmentTable(runs.map(({ run }) => run))}
      ${
        environments.different.rows.length > 0 &&
        html`<details>
          <summary>
            Recorded values that differ between runs (${environments.different.rows.length})
          </summary>
          ${htmlTable(environments.different, { caption: 'Recorded values that differ between runs' })}
        </details>`
      }
      <details>
        <summary>Recorded values shared by all runs (${environments.equal.rows.length})</summary>
        ${htmlTable(environments.equal, { caption: 'Recorded values shared by all runs' })}
      </details>`,
  };
}

interface TitledRun {
  readonly title: string;
  readonly run: PageRun;
}

function titledRuns(models: readonly PageModel[]): TitledRun[] {
  return models.flatMap(({ title, runs }) =>
    runs.map((run) => ({
      title: runs.length > 1 ? `${title}, repeat ${run.repeat + 1}` : title,
      run,
    })),
  );
}

function runTable(runs: readonly TitledRun[]): Markup {
  const numbers = ['seed', 'training images', 'validation', 'test', 'best epoch', 'last epoch'];
  return htmlTable(
    {
      columns: [
        { title: 'run' },
        { title: 'folder' },
        ...numbers.map((title) => ({ title, align: 'right' as const })),
      ],
      rows: runs.map(({ title, run: { displayPath, config, environment, metrics } }) => [
        title,
        displayPath,
        String(config?.seed ?? environment?.seed ?? '-'),
        String(metrics.images.train),
        String(metrics.images.validation),
        String(metrics.images.test),
        String(metrics.selectedEpoch ?? '-'),
        String(metrics.lastEpoch),
      ]),
    },
    { caption: 'Runs' },
  );
}
