import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runProcess } from './runProcess.js';
import { pathWithOnly } from './testing/pathWithOnly.js';

const script = fileURLToPath(new URL('../scripts/prepare.js', import.meta.url));
const environment = (): NodeJS.ProcessEnv => ({
  PATH: pathWithOnly({ 'g++': 'echo "g++ 12"' }),
  NONLOCAL_MED_CACHE: mkdtempSync(join(tmpdir(), 'prepare-')),
});

it.each([
  ['offline', { PIP_INDEX_URL: 'http://127.0.0.1:9/simple', NO_PROXY: '*' }, 'cannot be reached'],
  ['without pip', {}, 'no pip'],
  [
    'on a folder that is not writable',
    { NONLOCAL_MED_CACHE: fileURLToPath(new URL(import.meta.url)) },
    'a part of its path is a file',
  ],
])('never fails `pnpm install`: %s it exits with 0 and one line', async (_, variables, reason) => {
  const { code, stdout, stderr } = await runProcess(process.execPath, [script], {
    env: { ...environment(), ...variables },
  });
  expect([code, stdout]).toEqual([0, '']);
  const last = stderr.trim().split('\n').at(-1);
  expect(last).toMatch(
    /^native TensorFlow was not installed \(.*\); the wasm backend is used, which is several times slower\. To try again: pnpm --filter @nonlocal-med\/engine prepare$/,
  );
  expect(last).toContain(reason);
});

it('can be disabled', async () => {
  expect(
    await runProcess(process.execPath, [script], {
      env: { ...environment(), NONLOCAL_MED_SKIP_INSTALL: '1' },
    }),
  ).toEqual({ code: 0, stdout: '', stderr: '' });
});
