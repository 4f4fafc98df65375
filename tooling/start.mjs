// Builds the app in the current folder, if something has changed, and starts it: the script "start" of the apps.
// Only a build that takes long or fails is reported.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const SECONDS_BEFORE_NOTE = 3;

const { name } = JSON.parse(readFileSync('package.json', 'utf8'));
if (await build()) {
  const main = resolve('dist/main.js');
  process.argv = [process.argv[0], main, ...process.argv.slice(2)];
  await import(pathToFileURL(main).href);
} else process.exitCode = 1;

/** Runs turbo with its output withheld. Returns whether the build succeeded. */
async function build() {
  const command = ['run', 'build', `--filter=${name}...`, '--output-logs=errors-only'];
  const turbo = spawn('turbo', [...command, '--ui=stream'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  const output = [];
  for (const stream of [turbo.stdout, turbo.stderr]) stream.on('data', (part) => output.push(part));
  const note = setTimeout(
    () => process.stderr.write('Building what has changed ...\n'),
    SECONDS_BEFORE_NOTE * 1000,
  );
  const code = await new Promise((end) => turbo.on('close', end).on('error', end));
  clearTimeout(note);
  if (code === 0) return true;
  process.stderr.write(`${Buffer.concat(output).toString()}\nThe build of ${name} failed.\n`);
  return false;
}
