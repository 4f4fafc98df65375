// One training on 1, 2 and 4 processes of this machine with one thread each: time of a step, share of communication,
// efficiency; and what a model of a network gives for the same gradients. See docs/distributed.md.
// node benchmarks/distributed.mjs [--model NAME] [--size PIXELS] [--batch IMAGES] [--steps COUNT]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { freeAddresses, joinedCluster, useEngine } from '@nonlocal-med/engine';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'resnet18' },
    size: { type: 'string', default: '64' },
    batch: { type: 'string', default: '32' },
    steps: { type: 'string', default: '14' },
    members: { type: 'string' },
    member: { type: 'string', default: '0' },
  },
});
const [size, batch, steps] = [values.size, values.batch, values.steps].map(Number);
/** Steps that record and verify the graph, which are not counted. */
const WARM_UP = 5;
const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];

/** Steps of a member; member 0 prints milliseconds of each step and of its exchange, and the number of weights. */
async function measure() {
  const { createModel } = await import('@nonlocal-med/models');
  const { fit } = await import('@nonlocal-med/train');
  const members = values.members.split(',');
  const member = Number(values.member);
  const together = members.length > 1 ? { cluster: { members, member } } : {};
  await useEngine({ backend: 'native', threads: 1, ...together });
  const joined = joinedCluster();
  await joined?.ready({ seconds: 120 });
  let exchange = 0;
  const cluster = joined && {
    ...joined,
    sum(tensor) {
      const start = performance.now();
      const sum = joined.sum(tensor);
      exchange += performance.now() - start;
      return sum;
    },
  };
  const model = createModel(values.model, { classes: 3, inputSize: size, seed: 1 });
  const images = new Float32Array(batch * size * size * 3).map((_, i) => Math.sin(i));
  const labels = Int32Array.from({ length: batch }, (_, i) => i % 3);
  const ids = Array.from(labels, String);
  const train = {
    classes: ['a', 'b', 'c'],
    sampleCount: batch * steps,
    batchesPerEpoch: steps,
    async *epoch() {
      for (let i = 0; i < steps; i++) yield { images, shape: [batch, size, size, 3], labels, ids };
    },
  };
  const rows = [];
  for await (const event of fit({ model, train, epochs: 1, graph: true, cluster })) {
    if (event.type === 'step') rows.push([event.milliseconds, exchange]);
    exchange = 0;
  }
  if (member === 0)
    console.log(JSON.stringify({ rows: rows.slice(WARM_UP), weights: model.countParams() }));
  process.exit(0);
}

/** Starts so many members and returns what member 0 measured. */
async function run(count) {
  const addresses = (await freeAddresses(count)).join();
  const options = ['--model', values.model, '--size', size, '--batch', batch, '--steps', steps];
  const children = Array.from({ length: count }, (_, member) =>
    spawn(
      process.execPath,
      [fileURLToPath(import.meta.url), ...options, '--members', addresses, '--member', member],
      { stdio: ['ignore', member === 0 ? 'pipe' : 'ignore', 'inherit'] },
    ),
  );
  let text = '';
  children[0].stdout.on('data', (data) => (text += data));
  await Promise.all(children.map((child) => once(child, 'close')));
  return JSON.parse(text);
}

/** Rows of a table in Markdown. */
const print = (rows) => console.log(rows.map((row) => `| ${row.join(' | ')} |`).join('\n'));

async function report() {
  const load = loadavg()[0].toFixed(1);
  console.log(
    `${values.model}, ${size} x ${size}, ${batch} images per step, one thread per process, ${availableParallelism()} cores, load ${load} before\n`,
  );
  print([
    ['processes', 'step, fastest (median)', 'exchange and waiting', 'efficiency'],
    ['---', '---', '---', '---'],
  ]);
  let alone;
  for (const count of [1, 2, 4]) {
    const { rows, weights } = await run(count);
    const [fastest, waiting] = rows.toSorted(([a], [b]) => a - b)[0];
    alone ??= { milliseconds: fastest, weights };
    print([
      [
        count,
        `${fastest.toFixed(0)} ms (${median(rows.map(([step]) => step)).toFixed(0)})`,
        count === 1 ? '' : `${((100 * waiting) / fastest).toFixed(0)} %`,
        `${((100 * alone.milliseconds) / (count * fastest)).toFixed(0)} %`,
      ],
    ]);
  }
  console.log(
    `\n${(alone.weights / 1e6).toFixed(2)} million weights; load ${loadavg()[0].toFixed(1)} after`,
  );
  model();
}

/** Time of a step and efficiency on networks, computed for steps of one second and of ten on one process. */
function model() {
  const sizes = {
    'ShuffleNetV2 (1.26 million weights)': 1.26e6,
    'ResNet18 (11.2 million weights)': 11.2e6,
  };
  console.log('\nComputed, not measured:\n');
  print([
    ['model', 'step on one process', 'processes', '10 Gbit/s', '100 Gbit/s'],
    ['---', '---', '---', '---', '---'],
  ]);
  for (const [name, weights] of Object.entries(sizes))
    for (const seconds of [0.4, 4])
      for (const count of [2, 4, 16]) {
        const cell = (gigabits) => {
          const sent = (((2 * (count - 1)) / count) * 4 * weights * 8) / (gigabits * 1e9);
          const step = seconds / count + sent + 1e-3;
          return `${(1000 * step).toFixed(0)} ms, ${((100 * seconds) / (count * step)).toFixed(0)} %`;
        };
        print([[name, `${seconds} s`, count, cell(10), cell(100)]]);
      }
}

await (values.members === undefined ? report() : measure());
