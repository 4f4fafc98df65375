import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UnavailableError } from '@nonlocal-med/core';
import { Command, CommanderError, Option } from 'commander';
import { diagnose, type Diagnosis } from './diagnose.js';
import type { DeviceChoice } from './engineInfo.js';
import { installEngine } from './install/installEngine.js';
import { terminalProgress } from './install/installProgress.js';
import { packageFolders } from './packageFolders.js';
import { selectInstallation } from './selectInstallation.js';

/** The output streams of the program. */
export interface Streams {
  readonly stdout: { readonly write: (text: string) => unknown };
  readonly stderr: { readonly isTTY?: boolean; readonly write: (text: string) => unknown };
}

const device = new Option('--device <device>', 'device to install or look up TensorFlow for')
  .choices(['auto', 'cpu', 'cuda'])
  .default('auto');

/**
 * The program `nonlocal-med-engine`.
 * @returns the exit code: 0 done, 1 failed or not healthy, 2 wrong input or a missing prerequisite
 */
export async function runCli(args: readonly string[], streams: Streams = process): Promise<number> {
  let code = 0;
  const print = (text: string): unknown => streams.stdout.write(`${text}\n`);
  const { version } = JSON.parse(
    readFileSync(join(packageFolders.engine, 'package.json'), 'utf8'),
  ) as { version: string };
  const program = new Command('nonlocal-med-engine')
    .description('Install and check native TensorFlow for TF.js under Node, in your cache folder.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => streams.stdout.write(text),
      writeErr: (text) => streams.stderr.write(text),
    });
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
  program
    .command('doctor')
    .description('Report what is installed, what is missing, and how to fix it.')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      const diagnosis = await diagnose();
      print(
        options.json === true
          ? JSON.stringify(diagnosis, undefined, 2)
          : formatDiagnosis(diagnosis),
      );
      code = diagnosis.healthy ? 0 : 1;
    });
  program
    .command('where')
    .description('Print the folder of the native TensorFlow that is used.')
    .addOption(device)
    .option('--json', 'print JSON')
    .action(async (options: { device: DeviceChoice; json?: boolean }) => {
      const selection = await selectInstallation(options.device);
      print(options.json === true ? JSON.stringify(selection, undefined, 2) : selection.folder);
    });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof UnavailableError)) throw error;
    streams.stderr.write(`nonlocal-med-engine: ${error.message}\n`);
    return 2;
  }
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
