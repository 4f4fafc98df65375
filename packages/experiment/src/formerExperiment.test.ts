import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '@nonlocal-med/core';
import { type RawOptions, upgradeOptions } from '@nonlocal-med/pipeline';
import { renderSummary, summarizeExperiment } from '@nonlocal-med/report';
import { readExperimentFolder } from '@nonlocal-med/runs';
import { temporaryFolder } from '@nonlocal-med/testing';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ExperimentDefinition } from './experimentSchema.js';
import { openExperiment } from './openExperiment.js';
import { planExperiment } from './planExperiment.js';
import { prepareExperiment } from './prepareExperiment.js';
import { runExperiment } from './runExperiment.js';

/** See test/fixtures/README.md for how it was made. */
const folder = fileURLToPath(new URL('../test/fixtures/experiment-0.0', import.meta.url));
const read = (file: string): Promise<string> => readFile(join(folder, file), 'utf8');

/** Everything but the sentences of a table, whose wording may change. */
const withoutTexts = (table: string): unknown =>
  JSON.parse(table, (key, value: unknown) =>
    /^(rules|because)$|Because$/.test(key) ? 'text' : value,
  );

describe('an experiment written by version 0.0', () => {
  it.each(['last', 'selected'] as const)(
    'gives the table in its folder, with the %s weights',
    async (weights) => {
      const summary = summarizeExperiment(await readExperimentFolder(folder), { weights });
      expect(summary.rows.map(({ key, finished }) => [key, finished])).toEqual([
        ['small', 2],
        ['method', 2],
      ]);
      expect(withoutTexts(renderSummary(summary, 'json'))).toEqual(
        withoutTexts(await read(`table-${weights}.json`)),
      );
    },
  );

  it('is continued with its runs as they are', async () => {
    const copy = join(await temporaryFolder('former-experiment'), 'experiment');
    await cp(folder, copy, { recursive: true });
    const definition = parse(await read('experiment.yaml')) as ExperimentDefinition;
    const { options: base } = upgradeOptions(definition.base as RawOptions);
    const plan = planExperiment({ ...definition, base });
    const { manifest, dataset } = await prepareExperiment(plan);
    await openExperiment(copy, plan, { manifest, dataset });
    const states: string[] = [];
    const { reason } = await runExperiment(plan, {
      folder: copy,
      onRun: (_, state) => states.push(state),
    });
    expect(reason).toBe('finished');
    expect(states).toEqual(['before', 'before', 'before', 'before']);

    const changed = planExperiment({ ...definition, base }, { preprocessing: { std: [1, 1, 1] } });
    await expect(openExperiment(copy, changed, { manifest, dataset })).rejects.toThrow(
      /repeat-1: was started with preprocessing\.std \[0\.229,0\.224,0\.225\]/,
    );
  });

  it('has a definition with a former option name, which is refused with the present one', async () => {
    const definition = parse(await read('experiment.yaml')) as ExperimentDefinition;
    expect(() => planExperiment(definition)).toThrow(
      new InputError({ path: 'engine.engine', message: 'was renamed', hint: 'use engine.backend' }),
    );
  });
});
