import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UnavailableError } from '@nonlocal-med/core';
import { packageFolders } from '../packageFolders.js';
import { runCommand } from '../runCommand.js';
import type { Compiler } from './findCompiler.js';

/** How to compile the binding. */
export interface CompileOptions {
  readonly compiler: Compiler;
  /** Folder of TensorFlow's headers. */
  readonly headers: string;
  /** File names of the libraries that it is to find in `tensorflow/` beside itself. */
  readonly libraries: readonly string[];
  /** Folder of the real libraries; used on macOS, whose linker notes in which library each symbol is. */
  readonly libraryFolder: string;
  /** An empty folder for what is made on the way. */
  readonly work: string;
  /** The addon to write. */
  readonly output: string;
  /** Makes it run wherever TensorFlow's own libraries do, not only with a C++ runtime as new as this compiler's. */
  readonly portable?: boolean;
}

/**
 * Compiles tfjs's own binding, unchanged, and on Linux links it against empty libraries of the right names: the real
 * ones are found at run time in `tensorflow/` beside the result, of the CPU and of the CUDA wheel alike.
 * @throws UnavailableError with the compiler's first error.
 */
export async function compileBinding({
  compiler,
  headers,
  libraries,
  libraryFolder,
  work,
  output,
  portable = false,
}: CompileOptions): Promise<void> {
  const source = join(packageFolders.tfjsNode(), 'binding');
  const run = async (args: readonly string[]): Promise<void> => {
    const { code, stderr } = await runCommand(compiler.command, args, { cwd: work });
    if (code !== 0)
      throw new UnavailableError(
        `${compiler.version} could not compile the binding: ${firstError(stderr)}`,
      );
  };
  await mkdir(work, { recursive: true });
  const units = ['tfjs_backend', 'tfjs_binding'];
  const include = [source, headers, packageFolders.nodeHeaders()].flatMap((folder) => [
    '-I',
    folder,
  ]);
  await Promise.all(
    units.map((unit) =>
      run([
        '-O2',
        '-std=c++17',
        '-fPIC',
        '-w',
        '-DNAPI_VERSION=8',
        ...include,
        '-c',
        join(source, `${unit}.cc`),
        '-o',
        join(work, `${unit}.o`),
      ]),
    ),
  );

  const objects = units.map((unit) => join(work, `${unit}.o`));
  if (process.platform === 'darwin') {
    const real = libraries.map((library) => join(libraryFolder, library));
    return run([
      '-bundle',
      '-undefined',
      'dynamic_lookup',
      ...objects,
      ...real,
      '-Wl,-rpath,@loader_path/tensorflow',
      '-o',
      output,
    ]);
  }
  const stubs = await Promise.all(libraries.map((library) => emptyLibrary(library, work, run)));
  return run([
    '-shared',
    '-s',
    ...objects,
    ...(portable ? [await oldRuntime(work, run)] : []),
    '-Wl,--no-as-needed',
    ...stubs,
    '-Wl,-rpath,$ORIGIN/tensorflow',
    '-o',
    output,
  ]);
}

/** Makes a library without any symbol that carries only the real one's name: linking takes no time and no wheel. */
async function emptyLibrary(
  library: string,
  work: string,
  run: (args: readonly string[]) => Promise<void>,
): Promise<string> {
  const source = join(work, `${library}.c`);
  const stub = join(work, library);
  await writeFile(source, '');
  await run(['-shared', '-fPIC', '-x', 'c', source, `-Wl,-soname,${library}`, '-o', stub]);
  return stub;
}

/** The one function that the binding calls and only GCC 11's runtime and newer have; a failed allocation calls it. */
async function oldRuntime(
  work: string,
  run: (args: readonly string[]) => Promise<void>,
): Promise<string> {
  const source = join(work, 'old_runtime.cc');
  const object = join(work, 'old_runtime.o');
  await writeFile(
    source,
    'namespace std { [[noreturn]] void __throw_bad_array_new_length() { __builtin_trap(); } }\n',
  );
  await run(['-O2', '-fPIC', '-fvisibility=hidden', '-c', source, '-o', object]);
  return object;
}

function firstError(stderr: string): string {
  const lines = stderr.split('\n');
  return (lines.find((line) => /error|not found|undefined/i.test(line)) ?? lines[0]).trim();
}
