import type { RunEnvironmentRecord } from '@nonlocal-med/runs';
import { htmlTable } from './html/htmlTable.js';
import type { Markup } from './html/markup.js';
import type { PageRun } from './pageModel.js';

/** Where and on what the runs were made, in a few lines; where they differ, each value once. */
export function environmentTable(runs: readonly PageRun[]): Markup {
  const line = (
    title: string,
    read: (environment: RunEnvironmentRecord) => string | undefined,
  ): string[] => {
    const values = new Set(
      runs.map(
        ({ environment }) =>
          (environment === null ? undefined : read(environment)) ?? 'not recorded',
      ),
    );
    return [title, [...values].join('; ')];
  };
  return htmlTable(
    {
      columns: [{ title: 'what' }, { title: 'value' }],
      rows: [
        line('Data', ({ data }) => data && `${data.name}, ${data.images} images`),
        line('Fingerprint of the data', ({ data }) => data?.fingerprint),
        line('Commit', ({ commit }) => (typeof commit === 'string' ? commit : undefined)),
        line(
          'Engine',
          ({ engine }) =>
            engine &&
            [
              engine.engine,
              typeof engine.tensorflow === 'string' && `TensorFlow ${engine.tensorflow}`,
              engine.device,
              typeof engine.threads === 'number' && `${engine.threads} threads`,
            ]
              .filter((part) => typeof part === 'string')
              .join(', '),
        ),
        line(
          'Machine',
          ({ machine }) =>
            machine &&
            [
              machine.processor,
              typeof machine.cores === 'number' && `${machine.cores} cores`,
              machine.platform,
              machine.architecture,
            ]
              .filter((part) => typeof part === 'string')
              .join(', '),
        ),
        line('Node', ({ versions }) => versions?.node),
        line('Packages', ({ versions }) => versions && packagesText(versions)),
      ],
    },
    { caption: 'Where the runs were made' },
  );
}

/** Packages of one version are named together. */
function packagesText(versions: Readonly<Record<string, string>>): string {
  const byVersion = new Map<string, string[]>();
  for (const [name, version] of Object.entries(versions))
    if (name !== 'node') byVersion.set(version, [...(byVersion.get(version) ?? []), name]);
  return [...byVersion].map(([version, names]) => `${names.join(', ')} ${version}`).join('; ');
}
