// Times exact attention (32 key and 64 value channels, forward and backward) beside the plain form, and beside PyTorch's
// three forms when a Python that has torch is given. Every form lives in its own process; rounds are interleaved, the
// table gives medians (wall and processor time of forward + backward) and each process's peak resident memory.
//
//   pnpm bench [--sides 25,49,97] [--batch 1] [--rounds 5] [--python PATH] [--forms blocked,plain] [--block-rows N]
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    sides: { type: 'string', default: '25,49,97' },
    batch: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '5' },
    python: { type: 'string' },
    forms: { type: 'string' },
    'block-rows': { type: 'string', default: '0' },
  },
});
const forms = options.forms?.split(',') ?? ['blocked', 'plain', ...(options.python === undefined ? [] : ['torch-plain', 'torch-sdpa', 'torch-padded'])];

/** A child process that answers each line with a line of JSON. */
async function startForm(form, side) {
  const script = fileURLToPath(new URL(form.startsWith('torch') ? 'torch_attention.py' : 'worker.js', import.meta.url));
  const program = form.startsWith('torch') ? options.python : process.execPath;
  const child = spawn(program, [script, form, String(side), options.batch, options['block-rows']], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${form} at ${side} x ${side} ended early`);
    return JSON.parse(value);
  };
  const { engine, threads } = await answer();
  return {
    engine: `${engine}, ${threads} threads`,
    ask(command) {
      child.stdin.write(`${command}\n`);
      return answer();
    },
    end: () => child.stdin.end(),
  };
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

const batch = Number(options.batch);
for (const side of options.sides.split(',').map(Number)) {
  const children = [];
  for (const form of forms) children.push({ form, process: await startForm(form, side), rounds: [] });
  const ours = children.find(({ form }) => form === 'blocked');
  for (const { process: child } of children) await child.ask('run'); // warm-up
  const peak = ours === undefined ? NaN : (await ours.process.ask('peak')).peak;
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const child of children) child.rounds.push(await child.process.ask('run'));
  }
  // 2 N^2 (32 + 64) forward; the backward pass needs the scores again and 2 N^2 (64 + 64 + 32 + 32) beside them.
  const gigaflop = (640 * batch * side ** 4) / 1e9;
  console.log(`\n${side} x ${side}, batch ${batch}; matrix-product peak ${peak.toFixed(0)} GFLOP/s`);
  console.table(
    Object.fromEntries(
      children.map(({ form, process: child, rounds }) => {
        const both = median(rounds.map((round) => round.both));
        return [
          form,
          {
            engine: child.engine,
            'forward ms': Number(median(rounds.map((round) => round.forward)).toFixed(1)),
            'forward + backward ms': Number(both.toFixed(1)),
            fastest: Number(Math.min(...rounds.map((round) => round.both)).toFixed(1)),
            'CPU ms': Number(median(rounds.map((round) => round.cpu)).toFixed(1)),
            'share of peak': Number((gigaflop / (both / 1e3) / peak).toFixed(2)),
            'peak MiB': Math.round(rounds.at(-1).rss),
          },
        ];
      }),
    ),
  );
  for (const { process: child } of children) child.end();
}
