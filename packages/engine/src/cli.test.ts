import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from './cli.js';
import type { Diagnosis } from './diagnose.js';
import { prebuiltBinding } from './install/prebuiltBinding.js';
import { findInstallation } from './selectInstallation.js';
import { writeInto } from './testing/buildWheel.js';
import { pathWithOnly } from './testing/pathWithOnly.js';
import { restoreEnvironment, setEnvironment } from './testing/setEnvironment.js';

restoreEnvironment();

async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const output = { stdout: '', stderr: '' };
  const code = await runCli(args, {
    stdout: { write: (text) => (output.stdout += text) },
    stderr: { write: (text) => (output.stderr += text) },
  });
  return { code, ...output };
}

/** A machine without cache, pip, compiler or index. */
const bareMachine = (tools: Record<string, string> = {}): string => {
  const cache = mkdtempSync(join(tmpdir(), 'bare-'));
  setEnvironment({
    NONLOCAL_MED_CACHE: cache,
    PATH: pathWithOnly(tools),
    CXX: undefined,
    PIP_INDEX_URL: undefined,
    PIP_EXTRA_INDEX_URL: undefined,
    PIP_FIND_LINKS: undefined,
  });
  return cache;
};
const noPrebuilt = prebuiltBinding() === undefined;

it.each([['--help'], ['install', '--help'], ['--version']])(
  '%s %s exits with 0',
  async (...args) => {
    expect(await run(...args.filter(Boolean))).toMatchObject({ code: 0, stderr: '' });
  },
);

it.each([
  [['nothing'], "unknown command 'nothing'"],
  [['install', '--device', 'tpu'], 'Allowed choices are auto, cpu, cuda'],
  [['doctor', '--colour'], "unknown option '--colour'"],
])('%j exits with 2 and a message', async (args, message) => {
  const { code, stderr } = await run(...args);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

describe('on a bare machine', () => {
  it('where and install exit with 2 and one line', async () => {
    bareMachine();
    expect(await run('where')).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'nonlocal-med-engine: TensorFlow for the CPU is not installed; run "pnpm -w engine install"\n',
    });
    const { code, stderr } = await run('install', '--device', 'cpu');
    expect(code).toBe(2);
    expect(stderr.trim().split('\n').at(-1)).toMatch(
      noPrebuilt ? /^nonlocal-med-engine: no C\+\+ compiler/ : /^nonlocal-med-engine: no pip/,
    );
  });

  it('doctor lists what is missing and the first step', async () => {
    bareMachine();
    const { code, stdout } = await run('doctor', '--json');
    expect(code).toBe(1);
    const diagnosis = JSON.parse(stdout) as Diagnosis;
    expect(diagnosis).toMatchObject({ healthy: false, engine: 'wasm', device: 'cpu' });
    expect(diagnosis.checks.find(({ name }) => name === 'tensorflow')).toEqual({
      name: 'tensorflow',
      ok: false,
      value: 'not installed',
    });
    expect(diagnosis.checks.find(({ name }) => name === 'pip')).toEqual({
      name: 'pip',
      ok: false,
      value: 'none, and PIP_INDEX_URL is not set',
    });
    expect(diagnosis.fix).toMatch(noPrebuilt ? /^install g\+\+/ : /^install pip/);
  });

  it('doctor suggests the install command if only TensorFlow is missing or damaged', async () => {
    const tools = { python3: 'echo "pip 24.2 from x (python 3.9)"', 'g++': 'echo "g++ 12"' };
    const cache = bareMachine(tools);
    expect((await run('doctor')).stdout).toMatch(
      /missing {2}tensorflow {2}not installed\n[\s\S]*backend: wasm, several times slower than native TensorFlow\nnext: pnpm -w engine install\n$/,
    );
    const { stderr } = await run('where');
    expect(stderr).toContain('not installed');
    setEnvironment({ NONLOCAL_MED_CACHE: cache });
    const folder = join(
      cache,
      'engine',
      (await import('./installation.js')).installationFolder('cpu').split('/').at(-1)!,
    );
    mkdirSync(folder, { recursive: true });
    writeInto(folder, 'engine.json', '{"tensorflow": "2.21.0", "dev');
    const { stdout } = await run('doctor');
    expect(stdout).toContain('engine.json is damaged');
    expect(stdout).toMatch(/next: pnpm -w engine install --force\n$/);
  });
});

describe.skipIf(
  typeof findInstallation('cpu') === 'string' && process.env.NONLOCAL_MED_REQUIRE_NATIVE !== '1',
)('with native TensorFlow (skipped if it is not installed)', () => {
  it('where prints its folder, doctor verifies it, install does nothing', async () => {
    const installation = findInstallation('cpu');
    expect(installation).toBeTypeOf('object');
    const { folder } = installation as Exclude<typeof installation, string>;
    expect(await run('where', '--device', 'cpu')).toEqual({
      code: 0,
      stdout: `${folder}\n`,
      stderr: '',
    });
    const { stdout } = await run('doctor');
    expect(stdout).toContain(`ok       tensorflow  2.21.0 works; binding: `);
    expect(await run('install', '--device', 'cpu')).toEqual({
      code: 0,
      stdout: `TensorFlow 2.21.0 for the CPU is in ${folder}\n`,
      stderr: '',
    });
  });
});
