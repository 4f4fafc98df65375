import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openKernelTable, useEngine } from '@nonlocal-med/engine';
import { type KernelChoices, kernelChoices, setKernelChoices } from '@nonlocal-med/tensor';
import { temporaryFolder } from '@nonlocal-med/testing';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { tinyConfig } from '../testing/tinyConfig.js';
import { versions } from './describeEnvironment.js';
import { evaluateRun } from './evaluateRun.js';
import { chooseKernels } from './runEngine.js';
import { startRun } from './startRun.js';

const root = await temporaryFolder('choose-kernels');
const engine = await useEngine();
const native = engine.engine === 'native' && engine.device === 'cpu';
const model = { name: 'resnet18' };
const measured = tinyConfig({ model, engine: { backend: engine.engine, kernels: 'measured' } });
const fixed = tinyConfig({ model, engine: { backend: engine.engine, kernels: 'fixed' } });

/** TensorFlow is already loaded, so only the table of kernels is read from the cache folder. */
const useCache = (name: string): void => void vi.stubEnv('NONLOCAL_MED_CACHE', join(root, name));
const kernelsOf = async (folder: string): Promise<KernelChoices> =>
  JSON.parse(await readFile(join(folder, 'kernels.json'), 'utf8')) as KernelChoices;

afterEach(() => vi.unstubAllEnvs());
afterAll(() => setKernelChoices({}, { measure: false, shared: null }));

describe.runIf(native)('a run on native TensorFlow', { timeout: 240_000 }, () => {
  it('measures kernels once per machine: the next run with the same seed has the same kernels and weights', async () => {
    useCache('measured');
    const [first, second] = [join(root, 'first'), join(root, 'second')];
    await startRun(measured, { folder: first });
    await startRun(measured, { folder: second });
    const kernels = await kernelsOf(first);
    expect(Object.keys(kernels).length).toBeGreaterThan(20);
    expect(await kernelsOf(second)).toEqual(kernels);
    const table = openKernelTable(engine, versions()['@nonlocal-med/tensor'])!;
    for (const [key, kernel] of Object.entries(kernels)) expect(table.get(key), key).toBe(kernel);
    const weights = (folder: string): Promise<Buffer> =>
      readFile(join(folder, 'model/weights.safetensors'));
    expect((await weights(first)).equals(await weights(second))).toBe(true);
  });

  it('uses the kernels the machine has settled on; evaluateRun uses those the run recorded, on a machine without any', async () => {
    useCache('settled');
    await startRun(fixed, { folder: join(root, 'fixed') });
    const preferred = await kernelsOf(join(root, 'fixed'));
    const table = openKernelTable(engine, versions()['@nonlocal-med/tensor'])!;
    for (const key of Object.keys(preferred)) table.settle(key, 'plain');
    const folder = join(root, 'plain');
    await startRun(measured, { folder });
    const kernels = await kernelsOf(folder);
    expect(kernels).toEqual(
      Object.fromEntries(Object.keys(preferred).map((key) => [key, 'plain'])),
    );

    useCache('empty');
    const { report, recorded } = await evaluateRun({ folder });
    expect(report).toEqual(recorded);
    expect(kernelChoices()).toEqual(kernels);
  });

  it('uses the fixed order if configured, or (with a note) if nothing can be stored', () => {
    useCache('unused');
    expect(chooseKernels(engine, fixed.engine)).toBeUndefined();
    expect(existsSync(join(root, 'unused'))).toBe(false);
    vi.stubEnv('NONLOCAL_MED_CACHE', join(root, 'fixed', 'config.yaml'));
    expect(chooseKernels(engine, measured.engine)).toContain('fixed order');
  });
});

it('returns no note on wasm, which has no alternative kernels', () => {
  expect(
    chooseKernels({ ...engine, engine: 'wasm', backend: 'wasm' }, measured.engine),
  ).toBeUndefined();
});
