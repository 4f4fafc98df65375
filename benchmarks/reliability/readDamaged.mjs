/* Reads damaged files of a kind, from one number to another, and reports each to the process that started it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom, InputError } from '@nonlocal-med/core';
import { originalFiles } from './originalFiles.mjs';

const [kind, first, end] = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), 'damaged-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
const { files, read } = await originalFiles(kind, scratch);

for (let number = Number(first); number < Number(end); number++) {
  const random = createRandom(number, 'damage');
  const { name, bytes } = files[random.integer(files.length)];
  const outcome = await tryToRead(damaged(bytes, random), name);
  process.send({ number, ...outcome, rss: process.memoryUsage().rss });
}
process.disconnect();

async function tryToRead(bytes, name) {
  try {
    await read(bytes, name);
    return { outcome: 'read' };
  } catch (error) {
    const outcome = error instanceof InputError ? 'refused' : 'failed';
    return { outcome, message: `${error.name}: ${String(error.message).slice(0, 200)}` };
  }
}

/** A copy with one to sixteen bytes changed, a part removed, doubled or filled, or the end cut off. */
function damaged(bytes, random) {
  const copy = Buffer.from(bytes);
  const at = random.integer(copy.length);
  const length = 1 + random.integer(Math.min(64, copy.length - at));
  switch (random.integer(5)) {
    case 0:
      return copy.subarray(0, at);
    case 1:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(at + length)]);
    case 2:
      return Buffer.concat([copy.subarray(0, at + length), copy.subarray(at)]);
    case 3:
      return copy.fill(random.integer(2) * 255, at, at + length);
    default:
      for (let i = 0; i <= random.integer(16); i++)
        // Headers decide most, so half of the changes are in the first kilobyte.
        copy[random.integer(random.chance(0.5) ? Math.min(1024, copy.length) : copy.length)] =
          random.integer(256);
      return copy;
  }
}
