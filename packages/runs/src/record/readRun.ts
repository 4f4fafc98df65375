import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { InputError, type Issue, throwIssues } from '@nonlocal-med/core';
import { predictionsFromCsv } from '@nonlocal-med/metrics';
import { parse as parseYaml } from 'yaml';
import { parseEvents } from './parseEvents.js';
import { readPart } from './readPart.js';
import { runConfigSchema } from './runConfigSchema.js';
import { runEnvironmentSchema } from './runEnvironmentSchema.js';
import { runMetricsSchema } from './runMetricsSchema.js';
import type { RunRecord } from './runRecord.js';

/**
 * Reads a run's folder, finished or not.
 * @throws InputError when there is no such folder or nothing in it is a run's, or that lists every issue of its files.
 */
export async function readRun(folder: string): Promise<RunRecord> {
  const path = resolve(folder);
  await requireFolder(path);
  const issues: Issue[] = [];
  const at = (...names: string[]): string => join(path, ...names);
  const csv = (name: string) =>
    readPart(
      at('predictions', name),
      { parse: (text) => predictionsFromCsv(text, { where: at('predictions', name) }) },
      issues,
    );
  const config = await readPart(
    at('config.yaml'),
    { parse: parseYaml, schema: runConfigSchema },
    issues,
  );
  const environment = await readPart(
    at('environment.json'),
    { parse: JSON.parse, schema: runEnvironmentSchema },
    issues,
  );
  const events = await readPart(
    at('events.jsonl'),
    { parse: (text) => parseEvents(text, at('events.jsonl')) },
    issues,
  );
  const metrics = await readPart(
    at('metrics.json'),
    { parse: JSON.parse, schema: runMetricsSchema },
    issues,
  );
  const predictions = {
    last: await csv('test-last.csv'),
    selected: await csv('test-selected.csv'),
  };
  throwIssues(issues);
  const parts = { config, environment, events, metrics, predictions } as Pick<
    RunRecord,
    'config' | 'environment' | 'metrics' | 'predictions'
  > & { events: RunRecord['events'] | null };
  const missing = missingParts(parts);
  if (config === null && metrics === null && events === null)
    throw new InputError({
      path: path,
      message: 'is no run: it has neither config.yaml nor events.jsonl nor metrics.json',
      hint: 'the folder of a run, as training makes it',
    });
  const tested =
    metrics !== null &&
    predictions.last !== null &&
    (metrics.selected === undefined || predictions.selected !== null);
  return {
    path,
    name: basename(path),
    ...parts,
    events: parts.events ?? [],
    state: tested ? 'finished' : 'unfinished',
    missing,
  };
}

async function requireFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() !== true)
    throw new InputError({
      path: path,
      message: found === null ? 'does not exist' : 'is not a folder',
      hint: 'the folder of a run, as training makes it',
    });
}

function missingParts({
  config,
  environment,
  events,
  metrics,
  predictions,
}: Pick<RunRecord, 'config' | 'environment' | 'metrics' | 'predictions'> & {
  events: RunRecord['events'] | null;
}): string[] {
  const files = [
    [config, 'config.yaml'],
    [environment, 'environment.json'],
    [events, 'events.jsonl'],
    [metrics, 'metrics.json'],
    [predictions.last, 'predictions/test-last.csv'],
    [
      metrics?.selected === undefined ? true : predictions.selected,
      'predictions/test-selected.csv',
    ],
  ] as const;
  return files.flatMap(([part, file]) => (part === null ? [`${file} is not there`] : []));
}
