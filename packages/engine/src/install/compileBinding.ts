import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UnavailableError } from '@nonlocal-med/core';
import { packageFolders } from '../packageFolders.js';
import { runProcess } from '../runProcess.js';

/** Options of {@link compileBinding}. */
interface CompileOptions {
  readonly compiler: Compiler;
  /** Folder of TensorFlow's headers. */
  readonly headers: string;
  /** File names of the libraries that the addon loads from `tensorflow/` next to it. */
  readonly libraries: readonly string[];
  /** Folder of the real libraries; used on macOS, whose linker records the library of each symbol. */
  readonly libraryFolder: string;
  /** An empty folder for intermediate files. */
  readonly work: string;
  /** The addon to write. */
  readonly output: string;
  /** Runs wherever TensorFlow's libraries run, not only with a C++ runtime as new as this compiler's. */
  readonly portable?: boolean;
}

/** What is compiled, with the functions that `collective.cc` puts in the place of others. */
const UNITS: readonly {
  readonly name: string;
  readonly own?: true;
  readonly renamed: readonly string[];
}[] = [
  {
    name: 'tfjs_backend',
    renamed: ['TFE_NewContext=nlm_NewContext', 'TFE_DeleteContext=nlm_DeleteContext'],
  },
  { name: 'tfjs_binding', renamed: ['napi_register_module_v1=nlm_register_tfjs'] },
  { name: 'collective', own: true, renamed: [] },
];

/**
 * Compiles tfjs's binding, whose source is unchanged, with the functions of this package that join a cluster. On Linux it is linked against empty libraries of the right
 * names; at run time it finds the real ones in `tensorflow/` next to it, for the CPU or for CUDA.
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
    const { code, stderr } = await runProcess(compiler.command, args, { cwd: work });
    if (code !== 0)
      throw new UnavailableError(
        `${compiler.version} could not compile the binding: ${firstError(stderr)}`,
      );
  };
  await mkdir(work, { recursive: true });
  const include = [source, headers, packageFolders.nodeHeaders()].flatMap((folder) => [
    '-I',
    folder,
  ]);
  await Promise.all(
    UNITS.map(({ name, own, renamed }) =>
      run([
        '-O2',
        '-std=c++17',
        '-fPIC',
        '-w',
        '-DNAPI_VERSION=8',
        ...(renamed.length === 0 ? [] : ['-include', 'tensorflow/c/eager/c_api.h']),
        ...renamed.map((pair) => `-D${pair}`),
        ...include,
        '-c',
        join(own === true ? packageFolders.binding : source, `${name}.cc`),
        '-o',
        join(work, `${name}.o`),
      ]),
    ),
  );

  const objects = UNITS.map(({ name }) => join(work, `${name}.o`));
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

/** Creates a library without symbols that has only the real one's name, so that linking is fast and needs no wheel. */
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

/** The only function the binding needs that runtimes before GCC 11 lack; called when an allocation fails. */
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

/** A C++ compiler that runs. */
export interface Compiler {
  readonly command: string;
  /** First line of its `--version`. */
  readonly version: string;
}

/** Looks for `CXX`, then for the usual names; `undefined` if none runs. */
export async function findCompiler(
  env: NodeJS.ProcessEnv = process.env,
): Promise<Compiler | undefined> {
  for (const command of [env.CXX, 'g++', 'clang++', 'c++']) {
    if (!command) continue;
    const { code, stdout } = await runProcess(command, ['--version'], { env });
    if (code === 0) return { command, version: stdout.split('\n')[0].trim() };
  }
  return undefined;
}
