import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UnavailableError } from '@nonlocal-med/core';
import { BINDING } from '../load/loadNative.js';
import { compileBinding, type Compiler, findCompiler } from './compileBinding.js';
import { prebuiltBinding } from './prebuiltBinding.js';

/** Sources of a binding on this machine. */
export interface BindingSource {
  readonly prebuilt?: string;
  readonly compiler?: Compiler;
}

/**
 * Looks for a prebuilt binding and a compiler, before anything is downloaded.
 * @throws UnavailableError if there is neither.
 */
export async function findBindingSource(findPrebuilt = prebuiltBinding): Promise<BindingSource> {
  const source = { prebuilt: findPrebuilt(), compiler: await findCompiler() };
  if (source.prebuilt !== undefined || source.compiler !== undefined) return source;
  throw new UnavailableError(
    `no C++ compiler (looked for $CXX, g++, clang++, c++) and no prebuilt binding for ${process.platform}-${process.arch}, so nothing was installed; install g++`,
  );
}

/**
 * Puts the binding into an installation: the prebuilt one, or one compiled against the installation's headers.
 * @returns `prebuilt`, or the version of the compiler
 */
export async function provideBinding(
  folder: string,
  { prebuilt, compiler }: BindingSource,
  { libraries, work }: { libraries: readonly string[]; work: string },
): Promise<string> {
  const output = join(folder, BINDING);
  if (prebuilt !== undefined) {
    await copyFile(prebuilt, output);
    return 'prebuilt';
  }
  if (compiler === undefined) throw new UnavailableError('no C++ compiler');
  await rm(output, { force: true });
  await compileBinding({
    compiler,
    headers: join(folder, 'include'),
    libraries,
    libraryFolder: join(folder, 'tensorflow'),
    work,
    output,
  });
  return compiler.version;
}
