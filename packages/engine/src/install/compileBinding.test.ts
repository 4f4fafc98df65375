import { mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnavailableError } from '@nonlocal-med/core';
import { expect, it } from 'vitest';
import { probeInstallation } from '../probeInstallation.js';
import { findInstallation } from '../selectInstallation.js';
import { pathWithOnly } from '../testing/pathWithOnly.js';
import { compileBinding, findCompiler } from './compileBinding.js';

const installation = findInstallation('cpu');
const compiler = await findCompiler();

it.skipIf(typeof installation === 'string' || compiler === undefined).each([false, true])(
  'compiles a binding that works; portable: %s (skipped without compiler or TensorFlow)',
  async (portable) => {
    if (typeof installation === 'string') return;
    const folder = await mkdtemp(join(tmpdir(), 'binding-'));
    const libraries = installation.manifest.files
      .map(({ path }) => path)
      .filter((path) => path.startsWith('tensorflow/lib'))
      .map((path) => path.slice('tensorflow/'.length));
    await symlink(join(installation.folder, 'tensorflow'), join(folder, 'tensorflow'));
    await compileBinding({
      compiler: compiler!,
      headers: join(installation.folder, 'include'),
      libraries,
      libraryFolder: join(installation.folder, 'tensorflow'),
      work: join(folder, 'work'),
      output: join(folder, 'tfjs_binding.node'),
      portable,
    });
    expect(await probeInstallation(folder)).toMatchObject({ tensorflow: '2.21.0', usesGpu: false });
  },
);

it("reports the compiler's first error in one line", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'binding-'));
  const broken = join(
    pathWithOnly({
      cxx: 'echo "x.cc: In function f:" >&2; echo "x.cc:1:10: fatal error: a.h: No such file" >&2; exit 1',
    }),
    'cxx',
  );
  const made = compileBinding({
    compiler: { command: broken, version: 'cxx 1' },
    headers: folder,
    libraries: [],
    libraryFolder: folder,
    work: folder,
    output: join(folder, 'x'),
  });
  await expect(made).rejects.toThrow(UnavailableError);
  await expect(made).rejects.toThrow(
    'cxx 1 could not compile the binding: x.cc:1:10: fatal error: a.h: No such file',
  );
});

it('reports in one line why an installation cannot be loaded', async () => {
  await expect(probeInstallation(await mkdtemp(join(tmpdir(), 'nothing-')))).rejects.toThrow(
    /^TensorFlow does not work on this machine: .*(Cannot find module|tfjs_binding)/,
  );
});
