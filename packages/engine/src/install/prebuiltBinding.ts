import { readFileSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeAtomic } from '@nonlocal-med/core/node';
import { bindingHash, installationFolder, readInstallation } from '../installation.js';
import { BINDING } from '../load/loadNative.js';
import { packageFolders } from '../packageFolders.js';
import { compileBinding, findCompiler } from './compileBinding.js';

/** Folder of the binding that the published package contains for this platform. */
function prebuiltFolder(): string {
  return join(packageFolders.engine, 'prebuilds', `${process.platform}-${process.arch}`);
}

/** The prebuilt binding for this platform, if it was compiled from the current source. */
export function prebuiltBinding(): string | undefined {
  const file = join(prebuiltFolder(), 'tfjs_binding.node');
  try {
    const { source } = JSON.parse(
      readFileSync(join(prebuiltFolder(), 'tfjs_binding.json'), 'utf8'),
    ) as { source?: string };
    return source === bindingHash() && statSync(file).size > 0 ? file : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Compiles the prebuilt binding for this platform unless it is up to date. The result runs on every
 * system that TensorFlow's libraries support.
 * @returns the file, unless it cannot be compiled here, and one sentence on what was done
 */
export async function prebuildBinding(): Promise<{
  readonly file?: string;
  readonly note: string;
}> {
  const present = prebuiltBinding();
  if (present !== undefined)
    return { file: present, note: `the prebuilt binding is up to date: ${present}` };
  const installation = readInstallation(installationFolder('cpu'));
  const compiler = await findCompiler();
  if (typeof installation !== 'object' || compiler === undefined)
    return {
      note: `no prebuilt binding: ${compiler === undefined ? 'no C++ compiler' : 'native TensorFlow, whose headers it needs, is not installed'}`,
    };
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
    const file = join(prebuiltFolder(), BINDING);
    return { file, note: `prebuilt binding: ${file}` };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The newest versions of the C and C++ runtimes that a binary requires, e.g. `GLIBC_2.14`. */
async function newestVersions(file: string): Promise<string[]> {
  const names = (await readFile(file, 'latin1')).match(/GLIBC(?:XX)?_\d+(?:\.\d+)+/g) ?? [];
  const newest = (prefix: string): string[] =>
    names
      .filter((name) => name.startsWith(prefix))
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
      .slice(-1);
  return [...newest('GLIBC_'), ...newest('GLIBCXX_')];
}
