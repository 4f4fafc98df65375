import { cpSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { runProcess } from './runProcess.js';
import { pathWithOnly } from './testing/pathWithOnly.js';

/** A copy of this package that has not been packed yet. */
const copy = mkdtempSync(join(tmpdir(), 'prepack-'));
const source = fileURLToPath(new URL('../', import.meta.url));
const prepack = (variables: NodeJS.ProcessEnv) =>
  runProcess(process.execPath, [join(copy, 'scripts/prepack.js')], {
    env: {
      PATH: pathWithOnly({}),
      NONLOCAL_MED_CACHE: mkdtempSync(join(tmpdir(), 'prepack-')),
      ...variables,
    },
  });

beforeAll(() => {
  for (const part of ['binding', 'dist', 'scripts', 'package.json'])
    cpSync(join(source, part), join(copy, part), { recursive: true });
  symlinkSync(join(source, 'node_modules'), join(copy, 'node_modules'));
});

it('refuses to pack without the prebuilt binding, and says how to get it', async () => {
  const { code, stderr } = await prepack({});
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^The package would have no prebuilt binding for Linux x64 \(no prebuilt binding: no C\+\+ compiler\).*pnpm engine install.*NONLOCAL_MED_WITHOUT_BINDING=1/m,
  );
});

it('packs without it on request', async () => {
  const { code, stderr } = await prepack({ NONLOCAL_MED_WITHOUT_BINDING: '1' });
  expect([code, stderr]).toEqual([
    0,
    expect.stringContaining('packed without the prebuilt binding for Linux x64, as requested'),
  ]);
});

it('copies a backend that needs tfjs-core alone: no import and no method of all of tfjs', async () => {
  await prepack({ NONLOCAL_MED_WITHOUT_BINDING: '1' });
  const folder = join(copy, 'vendor/tfjs-node-gpu/dist');
  const scripts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js') && !file.startsWith('proto'))
    .map((file) => [file, readFileSync(join(folder, file), 'utf8')] as const);
  expect(scripts.length).toBeGreaterThan(150);
  const offending = scripts.filter(([file, text]) => {
    // Tensors of tfjs-core have no methods for operations; the backend's summaries use them, which the engine does not call.
    const code = file === 'nodejs_kernel_backend.js' ? '' : text;
    return (
      text.includes('require("@tensorflow/tfjs")') ||
      /\b(?!tfjs_1|tf\b)\w+\.(add|sub|mul|div|toInt|toFloat|cast|reshape|sum|flatten)\(/.test(code)
    );
  });
  expect(offending.map(([file]) => file)).toEqual([]);
});
