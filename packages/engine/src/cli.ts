import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UnavailableError } from '@nonlocal-med/core';
import { Command, CommanderError } from 'commander';
import { addEngineCommands, type Streams } from './commands.js';
import { packageFolders } from './packageFolders.js';

/**
 * The program `nonlocal-med-engine`.
 * @returns the exit code: 0 done, 1 failed or not healthy, 2 wrong input or a missing prerequisite
 */
export async function runCli(args: readonly string[], streams: Streams = process): Promise<number> {
  let code = 0;
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
  const output = { streams, setExitCode: (value: number) => void (code = value) };
  addEngineCommands(program, output);
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
