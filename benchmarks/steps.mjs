/*
 * Whole training steps (forward, loss, backward, Adam) beside PyTorch's, rounds interleaved, one process each:
 *   node benchmarks/steps.mjs [--models resnet18,resnet18-nla] [--batch 4] [--size 386] [--rounds 5] [--options JSON]
 *                             [--python PYTHON]
 * Prints medians of wall and processor time, and each process's peak resident memory.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    models: { type: 'string', default: 'resnet18,resnet18-nla' },
    batch: { type: 'string', default: '4' },
    size: { type: 'string', default: '386' },
    rounds: { type: 'string', default: '5' },
    options: { type: 'string', default: '{}' },
    python: { type: 'string' },
  },
});

/** A child process that answers each line with a line of JSON. */
async function start(side, name) {
  const script = fileURLToPath(new URL(side === 'torch' ? 'torch_step.py' : 'step_worker.mjs', import.meta.url));
  const child = spawn(side === 'torch' ? values.python : process.execPath, [script, name, values.batch, values.size, values.options], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${side} ${name} ended early`);
    return JSON.parse(value);
  };
  const { engine } = await answer();
  return { side, engine, rounds: [], step: () => (child.stdin.write('step\n'), answer()), end: () => child.stdin.end() };
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const sides = values.python === undefined ? ['ours'] : ['ours', 'torch'];
const table = {};
for (const name of values.models.split(',')) {
  const children = [];
  for (const side of sides) children.push(await start(side, name));
  for (const child of children) await child.step(); // warm-up
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const child of children) child.rounds.push(await child.step());
  }
  const [ours, torch] = children.map(({ rounds }) => ({ wall: median(rounds.map((round) => round.wall)), cpu: median(rounds.map((round) => round.cpu)) }));
  children.forEach(({ side, engine, rounds, end }, index) => {
    const { wall, cpu } = [ours, torch][index];
    table[`${name} ${side} (${engine})`] = { 'wall ms': Math.round(wall), 'processor ms': Math.round(cpu), 'peak MiB': Math.round(rounds.at(-1).rss), ratio: index === 0 && torch !== undefined ? `${(wall / torch.wall).toFixed(2)} (${(cpu / torch.cpu).toFixed(2)})` : '' };
    end();
  });
}
console.log(`batch ${values.batch} at ${values.size}, medians of ${values.rounds} rounds; ratio of wall (processor) time`);
console.table(table);
