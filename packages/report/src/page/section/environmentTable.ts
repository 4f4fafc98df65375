import type { RunEnvironmentRecord } from '@nonlocal-med/runs';
import type { Markup } from '../html/html.js';
import { htmlTable } from '../html/htmlTable.js';
import type { PageRun } from '../pageModel.js';

/** The environment that runs were trained in; where runs differ, each distinct value is listed once. */
export function environmentTable(runs: readonly PageRun[]): Markup {
  return htmlTable(
    {
      columns: [{ title: 'item' }, { title: 'value' }],
      rows: items.map(([title, describe]) => {
        const values = runs.map(
          ({ environment }) => (environment && describe(environment)) ?? 'not recorded',
        );
        return [title, [...new Set(values)].join('; ')];
      }),
    },
    { caption: 'Training environment' },
  );
}

const items: readonly (readonly [
  title: string,
  describe: (environment: RunEnvironmentRecord) => string | undefined,
])[] = [
  ['Data', ({ data }) => data && `${data.name}, ${data.images} images`],
  ['Data fingerprint', ({ data }) => data?.fingerprint],
  ['Commit', ({ commit }) => (typeof commit === 'string' ? commit : undefined)],
  [
    'Compute backend',
    ({ engine }) =>
      engine &&
      joinTexts([
        engine.engine,
        typeof engine.tensorflow === 'string' && `TensorFlow ${engine.tensorflow}`,
        engine.device,
        typeof engine.threads === 'number' && `${engine.threads} threads`,
      ]),
  ],
  [
    'Machine',
    ({ machine }) =>
      machine &&
      joinTexts([
        machine.processor,
        typeof machine.cores === 'number' && `${machine.cores} cores`,
        machine.platform,
        machine.architecture,
      ]),
  ],
  ['Node.js', ({ versions }) => versions?.node],
  ['Packages', ({ versions }) => versions && packageVersions(versions)],
];

const joinTexts = (parts: readonly unknown[]): string =>
  parts.filter((part) => typeof part === 'string').join(', ');

/** Packages that have the same version are listed together. */
function packageVersions(versions: Readonly<Record<string, string>>): string {
  const byVersion = new Map<string, string[]>();
  for (const [name, version] of Object.entries(versions))
    if (name !== 'node') byVersion.set(version, [...(byVersion.get(version) ?? []), name]);
  return [...byVersion].map(([version, names]) => `${names.join(', ')} ${version}`).join('; ');
}
