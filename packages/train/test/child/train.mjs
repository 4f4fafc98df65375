// Trains the run in a folder, from its last checkpoint if there is one, and prints every event.
// Environment: ENGINE native|wasm, EVERY_STEPS steps between checkpoints, KILL_AT_CALL n: kill -9 at the n-th
// call that changes the disk, FAIL_AT_CALL n: the disk is full from the n-th call on, PAUSE milliseconds per batch.
import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const killAt = Number(process.env.KILL_AT_CALL ?? 0);
const failAt = Number(process.env.FAIL_AT_CALL ?? Infinity);
let calls = 0;
/** Counts the calls that change the disk; the fatal one is done half (a file's content) or not at all. */
function countCall(before) {
  calls += 1;
  if (calls === killAt) {
    before?.();
    process.kill(process.pid, 'SIGKILL');
  }
}
/** As the file system answers when nothing more fits; names can still be changed and removed. */
function failIfFull() {
  if (calls >= failAt)
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
}
if (process.env.COUNT_CALLS !== undefined || killAt > 0 || failAt < Infinity) {
  for (const name of ['mkdir', 'rename', 'rm', 'open']) {
    const original = fs[name];
    fs[name] = async (...args) => {
      countCall();
      if (name === 'mkdir' || (name === 'open' && /[wa]/.test(String(args[1])))) failIfFull();
      const result = await original(...args);
      if (name === 'open' && String(args[1]).includes('w')) {
        const { writeFile, sync } = result;
        result.writeFile = async (data) => {
          calls += 1;
          if (calls === killAt) {
            await writeFile.call(result, data.subarray(0, Math.floor(data.length / 2)));
            process.kill(process.pid, 'SIGKILL');
          }
          if (calls >= failAt)
            await writeFile.call(result, data.subarray(0, Math.floor(data.length / 2)));
          failIfFull();
          return writeFile.call(result, data);
        };
        result.sync = () => {
          countCall();
          return sync.call(result);
        };
      }
      return result;
    };
  }
  syncBuiltinESMExports();
}

const { useEngine } = await import('@nonlocal-med/engine');
const { fit } = await import('../../dist/index.js');
const { makeModel, makeSource } = await import('./workshop.mjs');

const [folder] = process.argv.slice(2);
await useEngine({ backend: process.env.ENGINE ?? 'native' });
const controller = new AbortController();
process.once('SIGINT', () => controller.abort());
const events = fit({
  model: await makeModel(),
  train: makeSource(18, 1, { pause: Number(process.env.PAUSE ?? 0) }),
  validation: makeSource(9, 2),
  epochs: 4,
  learningRate: 0.02,
  schedule: { kind: 'cosine', warmupSteps: 3 },
  classWeights: [1, 2, 1],
  seed: 5,
  selection: 'loss',
  run: folder,
  resume: existsSync(`${folder}/config.yaml`),
  checkpointEverySteps: Number(process.env.EVERY_STEPS ?? 1),
  signal: controller.signal,
});
for await (const event of events) console.log(JSON.stringify(event));
if (process.env.COUNT_CALLS !== undefined) console.log(JSON.stringify({ type: 'calls', calls }));
