// Each round starts a program and waits for its end; the program reports its own cost (reportCost.mjs).
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { input, serve } from './serve.mjs';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));

async function run() {
  const start = performance.now();
  const child = spawn(
    process.execPath,
    ['--import', path('reportCost.mjs'), path(input.program), ...(input.arguments ?? [])],
    {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      env: { ...process.env, BENCH_THREADS: String(input.threads) },
    },
  );
  let [cost, errorOutput] = ['', ''];
  child.stdio[3].on('data', (text) => (cost += text));
  child.stderr.on('data', (text) => (errorOutput += text));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`${input.program} ended with code ${code}: ${errorOutput}`);
  return { wall: performance.now() - start, ...JSON.parse(cost) };
}

await serve({ engine: `Node ${process.versions.node}`, threads: input.threads }, run);
