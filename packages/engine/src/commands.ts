import { type Command, Option } from 'commander';
import type { Diagnosis } from './diagnose.js';
import type { DeviceChoice } from './engineInfo.js';

/** The output streams of the program. */
export interface Streams {
  readonly stdout: { readonly write: (text: string) => unknown };
  readonly stderr: { readonly isTTY?: boolean; readonly write: (text: string) => unknown };
}

/** Where commands write, and how they say that their answer is bad. */
export interface CommandOutput {
  readonly streams: Streams;
  readonly setExitCode: (code: number) => void;
}

const ofProcess: CommandOutput = {
  streams: process,
  setExitCode: (code) => void (process.exitCode = code),
};

const device = new Option('--device <device>', 'device to install or look up TensorFlow for')
  .choices(['auto', 'cpu', 'cuda'])
  .default('auto');

/** Adds `install`, `doctor` and `where` to a program. What they do is loaded when they run. */
export function addEngineCommands(program: Command, output: CommandOutput = ofProcess): void {
  const { streams } = output;
  const print = (text: string): unknown => streams.stdout.write(`${text}\n`);
  program
    .command('install')
    .description('Download, verify and test native TensorFlow, unless it is already installed.')
    .addOption(device)
    .option('--force', 'reinstall even if the installation is intact')
    .option(
      '--no-gpu-check',
      'accept CUDA without a GPU here, for another machine that shares the cache',
    )
    .action(async (options: { device: DeviceChoice; force?: boolean; gpuCheck: boolean }) => {
      const { installEngine } = await import('./install/installEngine.js');
      const { terminalProgress } = await import('./install/installProgress.js');
      const { folder, manifest } = await installEngine({
        device: options.device,
        force: options.force,
        requireGpu: options.gpuCheck,
        progress: terminalProgress(streams.stderr),
      });
      print(
        `TensorFlow ${manifest.tensorflow} for ${manifest.device === 'cpu' ? 'the CPU' : 'CUDA'} is in ${folder}`,
      );
    });
  addDoctor(program, output);
  program
    .command('where')
    .description('Print the folder of the native TensorFlow that is used.')
    .addOption(device)
    .option('--json', 'print JSON')
    .action(async (options: { device: DeviceChoice; json?: boolean }) => {
      const { selectInstallation } = await import('./selectInstallation.js');
      const selection = await selectInstallation(options.device);
      print(options.json === true ? JSON.stringify(selection, undefined, 2) : selection.folder);
    });
}

/** Adds `doctor` to a program; the exit code is 1 if native TensorFlow does not work as it should. */
export function addDoctor(
  program: Command,
  { streams, setExitCode }: CommandOutput = ofProcess,
): void {
  program
    .command('doctor')
    .description('Report what is installed, what is missing, and how to fix it.')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      const { diagnose } = await import('./diagnose.js');
      const diagnosis = await diagnose();
      const text =
        options.json === true
          ? JSON.stringify(diagnosis, undefined, 2)
          : formatDiagnosis(diagnosis);
      streams.stdout.write(`${text}\n`);
      setExitCode(diagnosis.healthy ? 0 : 1);
    });
}

function formatDiagnosis({
  checks,
  engine,
  device: used,
  tensorflow,
  threads,
  fix,
}: Diagnosis): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const backend =
    engine === 'native'
      ? `native TensorFlow ${tensorflow} on the ${used === 'cuda' ? 'GPU' : `CPU, ${threads} threads`}`
      : 'wasm, several times slower than native TensorFlow';
  const lines = checks.map(
    ({ name, ok, value }) => `${ok ? 'ok     ' : 'missing'}  ${name.padEnd(width)}  ${value}`,
  );
  return [...lines, `backend: ${backend}`, ...(fix === undefined ? [] : [`next: ${fix}`])].join(
    '\n',
  );
}
