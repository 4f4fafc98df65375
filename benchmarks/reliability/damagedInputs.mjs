/* Reads damaged files in another process, which is watched: what it reads, refuses, and whether it dies or hangs. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { kinds } from './originalFiles.mjs';

const reader = fileURLToPath(new URL('readDamaged.mjs', import.meta.url));
const PATIENCE = 20_000;

/** Tries `count` damaged files, most of the kinds that are read fast. */
export async function tryDamagedInputs(count) {
  const results = [];
  for (const { name, share } of kinds) results.push(await tryKind(name, Math.ceil(share * count)));
  return results;
}

async function tryKind(name, count) {
  const result = {
    name,
    tried: count,
    read: 0,
    refused: 0,
    failed: 0,
    died: 0,
    hung: 0,
    peakBytes: 0,
  };
  const examples = [];
  for (let next = 0; next < count;) next = await readFrom(next);
  return { ...result, examples: examples.slice(0, 10) };

  /** Lets a process read from file number `first` on, to the end or until it dies or hangs; returns the next number. */
  function readFrom(first) {
    return new Promise((resolve) => {
      const child = fork(reader, [name, String(first), String(count)], {
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      });
      let next = first;
      let hung = false;
      const stop = () => {
        hung = true;
        child.kill('SIGKILL');
      };
      let watch = setTimeout(stop, 3 * PATIENCE); // loading takes a while
      child.on('message', ({ number, outcome, message, rss }) => {
        clearTimeout(watch);
        watch = setTimeout(stop, PATIENCE);
        result[outcome] += 1;
        result.peakBytes = Math.max(result.peakBytes, rss);
        if (outcome === 'failed') examples.push(`${name} ${number}: ${message}`);
        next = number + 1;
      });
      child.on('exit', (code) => {
        clearTimeout(watch);
        if (code !== 0) {
          result[hung ? 'hung' : 'died'] += 1;
          examples.push(`${name} ${next}: ${hung ? 'no answer' : `ended with ${code}`}`);
          next += 1;
        }
        resolve(code === 0 ? count : next);
      });
    });
  }
}
