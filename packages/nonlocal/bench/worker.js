// One form of attention in a process of its own: a line on stdin runs it once and prints its times and peak memory.
// node bench/worker.js FORM SIDE BATCH [BLOCK_ROWS]; forms: blocked, plain
import { createInterface } from 'node:readline';
import { useEngine } from '@nonlocal-med/engine';
import { matMul } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import { attention } from '../dist/index.js';

const [form, side, batch, blockRows] = [process.argv[2], ...process.argv.slice(3).map(Number)];
const engine = await useEngine({ engine: process.env.BENCH_ENGINE ?? 'auto' });

const positions = side * side;
const channels = [32, 32, 64];
const inputs = channels.map((width, i) => tf.randomNormal([batch, positions, width], 0, 1, 'float32', i + 1));
const dy = tf.randomNormal([batch, positions, 64], 0, 1, 'float32', 4);

const forms = {
  blocked: (q, k, v) => attention(q, k, v, blockRows > 0 ? { blockRows } : {}),
  plain: (q, k, v) => tf.matMul(tf.softmax(tf.matMul(q, k, false, true)), v),
};
const gradients = tf.grads(forms[form]);

/** Milliseconds until the result can be read. */
function time(run) {
  const start = performance.now();
  const results = run();
  [results].flat().at(-1).dataSync();
  const elapsed = performance.now() - start;
  tf.dispose(results);
  return elapsed;
}

/** Best of some products of square matrices, in GFLOP/s: the machine's practical peak. */
function peak() {
  const [a, b] = [tf.randomNormal([2048, 2048]), tf.randomNormal([2048, 2048])];
  const fastest = Math.min(...Array.from({ length: 8 }, () => time(() => matMul(a, b))));
  tf.dispose([a, b]);
  return (2 * 2048 ** 3) / fastest / 1e6;
}

function report(facts) {
  process.stdout.write(`${JSON.stringify(facts)}\n`);
}

report({ ready: true, engine: engine.backend, threads: engine.threads });
for await (const command of createInterface({ input: process.stdin })) {
  if (command === 'peak') report({ peak: peak() });
  else {
    const forward = time(() => forms[form](...inputs));
    const cpu = process.cpuUsage();
    const both = time(() => gradients(inputs, dy));
    const { user, system } = process.cpuUsage(cpu);
    report({ forward, both, cpu: (user + system) / 1e3, rss: process.resourceUsage().maxRSS / 1024 });
  }
}
