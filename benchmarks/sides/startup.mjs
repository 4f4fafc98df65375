// Each round starts a program and waits for its end; it says what it cost itself (tell.mjs, `startup_step.py`).
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { input, serve } from './serve.mjs';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));

async function run() {
  const start = performance.now();
  const child = spawn(
    process.execPath,
    ['--import', path('tell.mjs'), path(input.program), ...(input.arguments ?? [])],
    {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      env: { ...process.env, BENCH_THREADS: String(input.threads) },
    },
  );
  let [told, said] = ['', ''];
  child.stdio[3].on('data', (text) => (told += text));
  child.stderr.on('data', (text) => (said += text));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`${input.program} ended with code ${code}: ${said}`);
  return { wall: performance.now() - start, ...JSON.parse(told) };
}

await serve({ engine: `Node ${process.versions.node}`, threads: input.threads }, run);
