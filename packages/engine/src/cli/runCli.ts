import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UnavailableError } from '@nonlocal-med/core';
import { Command, CommanderError, Option } from 'commander';
import { diagnose, type Diagnosis } from '../diagnose.js';
import type { DeviceChoice } from '../engineInfo.js';
import { installEngine } from '../install/installEngine.js';
import { packageFolders } from '../packageFolders.js';
import { selectInstallation } from '../selectInstallation.js';
import { terminalProgress } from './terminalProgress.js';

/** Where the program writes. */
export interface Streams {
  readonly stdout: { readonly write: (text: string) => unknown };
  readonly stderr: { readonly isTTY?: boolean; readonly write: (text: string) => unknown };
}

const device = new Option('--device <device>', 'which device to provide for')
  .choices(['auto', 'cpu', 'cuda'])
  .default('auto');

/**
 * The program `nonlocal-med-engine`.
 * @returns its exit code: 0 done, 1 failed or not healthy, 2 wrong input or something of the surroundings is missing.
 */
export async function runCli(args: readonly string[], streams: Streams = process): Promise<number> {
  let code = 0;
  const print = (text: string): unknown => streams.stdout.write(`${text}\n`);
  const { version } = JSON.parse(
    readFileSync(join(packageFolders.engine, 'package.json'), 'utf8'),
  ) as { version: string };
  const program = new Command('nonlocal-med-engine')
    .description('Native TensorFlow for TF.js under Node, in your cache folder')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => streams.stdout.write(text),
      writeErr: (text) => streams.stderr.write(text),
    });
  program
    .command('install')
    .description('fetch, check and test native TensorFlow; does nothing where that is done')
    .addOption(device)
    .option('--force', 'install anew even where an installation is whole')
    .option(
      '--no-gpu-check',
      'accept CUDA that finds no GPU here: for another machine that shares the cache',
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
    .description('what is there, what is missing, and the one command that helps')
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
    .description('the folder of the native TensorFlow that would be used')
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
  findings,
  engine,
  device: used,
  tensorflow,
  threads,
  fix,
}: Diagnosis): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const what =
    engine === 'native'
      ? `native TensorFlow ${tensorflow} on the ${used === 'cuda' ? 'GPU' : `CPU, ${threads} threads`}`
      : 'wasm, several times slower than native TensorFlow';
  const lines = findings.map(
    ({ name, ok, value }) => `${ok ? 'ok     ' : 'missing'}  ${name.padEnd(width)}  ${value}`,
  );
  return [...lines, `engine: ${what}`, ...(fix === undefined ? [] : [`next: ${fix}`])].join('\n');
}
