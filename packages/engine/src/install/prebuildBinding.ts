import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeAtomic } from '@nonlocal-med/core/node';
import { bindingHash } from '../bindingHash.js';
import { readInstallation } from '../installation.js';
import { installationFolder } from '../installationFolder.js';
import { BINDING } from '../load/loadNative.js';
import { compileBinding } from './compileBinding.js';
import { findCompiler } from './findCompiler.js';
import { prebuiltBinding, prebuiltFolder } from './prebuiltBinding.js';

/**
 * Compiles the binding for the package to carry, for the platform that this runs on, unless it is there. It asks
 * no more of a system than TensorFlow's own libraries do.
 * @returns one sentence on what was done.
 */
export async function prebuildBinding(): Promise<string> {
  const present = prebuiltBinding();
  if (present !== undefined) return `the prebuilt binding is up to date: ${present}`;
  const installation = readInstallation(installationFolder('cpu'));
  const compiler = await findCompiler();
  if (typeof installation !== 'object' || compiler === undefined)
    return `no prebuilt binding: ${compiler === undefined ? 'no C++ compiler' : 'native TensorFlow, whose headers it needs, is not installed'}`;
  const work = await mkdtemp(join(tmpdir(), 'prebuild-'));
  try {
    const libraries = installation.manifest.files
      .map(({ path }) => path)
      .filter((path) => path.startsWith('tensorflow/lib'))
      .map((path) => path.slice('tensorflow/'.length));
    const output = join(prebuiltFolder(), `${BINDING}.partial`);
    await mkdir(prebuiltFolder(), { recursive: true });
    await compileBinding({
      compiler,
      headers: join(installation.folder, 'include'),
      libraries,
      libraryFolder: join(installation.folder, 'tensorflow'),
      work,
      output,
      portable: true,
    });
    await rename(output, join(prebuiltFolder(), BINDING));
    await writeAtomic(
      join(prebuiltFolder(), 'tfjs_binding.json'),
      `${JSON.stringify({ source: bindingHash(), compiler: compiler.version, needs: await newestVersions(join(prebuiltFolder(), BINDING)) })}\n`,
    );
    return `prebuilt binding: ${join(prebuiltFolder(), BINDING)}`;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The newest versions of the C and C++ runtimes that a binary names, e.g. `GLIBC_2.14`. */
async function newestVersions(file: string): Promise<string[]> {
  const names = (await readFile(file, 'latin1')).match(/GLIBC(?:XX)?_\d+(?:\.\d+)+/g) ?? [];
  const newest = (prefix: string): string[] =>
    names
      .filter((name) => name.startsWith(prefix))
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
      .slice(-1);
  return [...newest('GLIBC_'), ...newest('GLIBCXX_')];
}
