/*
 * Attention on the map before the pooling, which the paper's text promises and its 6 GB card could not hold:
 *   node benchmarks/attention_before_pooling.mjs [--models resnet18-nla,shufflenetv2-nla] [--size 386] [--batch 1] [--steps 3]
 * Trains a few steps with `namAt: conv1`, each model in a process of its own, and prints its peak resident memory beside
 * what one matrix of weights would take.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    models: { type: 'string', default: 'resnet18-nla,shufflenetv2-nla' },
    size: { type: 'string', default: '386' },
    batch: { type: 'string', default: '1' },
    steps: { type: 'string', default: '3' },
  },
});
/** Resident memory that a step may need at 386 x 386, batch 1. */
const LIMIT_MIB = 3 * 1024;
const side = Math.ceil(Number(values.size) / 2);

async function* steps(name) {
  const child = spawn(process.execPath, [fileURLToPath(new URL('step_worker.mjs', import.meta.url)), name, values.batch, values.size, '{"namAt":"conv1"}'], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end('step\n'.repeat(Number(values.steps)));
  for await (const line of createInterface({ input: child.stdout })) yield JSON.parse(line);
}

console.log(`${side} x ${side} = ${(side ** 2).toLocaleString('en')} positions: one matrix of weights takes ${((side ** 4 * 4) / 2 ** 30).toFixed(1)} GiB an image`);
for (const name of values.models.split(',')) {
  let peak = 0;
  for await (const { engine, wall, rss, loss, tensors } of steps(name)) {
    if (engine !== undefined) console.log(`${name}, batch ${values.batch}, ${engine}`);
    else {
      peak = rss;
      console.log(`  loss ${loss.toFixed(4)}, ${(wall / 1e3).toFixed(1)} s, peak ${Math.round(rss)} MiB, ${tensors} tensors`);
    }
  }
  if (peak === 0 || peak > LIMIT_MIB) process.exitCode = 1;
}
