import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const built = fileURLToPath(new URL('../dist/index.js', import.meta.url));
const core = fileURLToPath(new URL('../node_modules/@nonlocal-med/core/dist/index.js', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program whose main function has the given body, and optionally signals it once it has printed `ready`. */
async function run(body: string, signals: readonly NodeJS.Signals[] = [], env: Record<string, string> = {}): Promise<Ended> {
  const program = `import { runCommand } from ${JSON.stringify(built)}; import { InputError, UnavailableError } from ${JSON.stringify(core)};
    await runCommand(async ({ signal }) => { ${body} });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  let stdout = '';
  let stderr = '';
  const pending = [...signals];
  child.stdout.on('data', (data: Buffer) => {
    stdout += data.toString();
    if (stdout.includes('ready') && pending.length === signals.length && pending.length > 0) child.kill(pending.shift());
  });
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString();
    if (stderr.includes('press again') && pending.length > 0) child.kill(pending.shift());
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

const waitForAbort = `console.log('ready'); const alive = setInterval(() => {}, 1000); await new Promise((resolve) => signal.addEventListener('abort', resolve)); clearInterval(alive);`;

describe('runCommand', () => {
  it('ends with 0, or the code that main returns, after all output has left', async () => {
    expect(await run(`console.log('x'.repeat(200000));`)).toMatchObject({ code: 0, stdout: `${'x'.repeat(200_000)}\n` });
    expect((await run('return 1;')).code).toBe(1);
  });

  it('prints wrong input without a stack and ends with 2', async () => {
    expect(await run(`throw new InputError({ where: 'data.size', what: 'got 0', allowed: 'at least 32' });`)).toEqual({ code: 2, stdout: '', stderr: 'error: data.size: got 0 (at least 32)\n' });
    expect((await run(`throw new UnavailableError('no engine');`)).code).toBe(2);
  });

  it('prints other failures, with their stack on request, and ends with 1', async () => {
    const failed = await run(`throw new Error('broken');`);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toBe('error: broken\nSet NONLOCAL_MED_DEBUG=1 to see where it happened.\n');
    expect((await run(`throw new Error('broken');`, [], { NONLOCAL_MED_DEBUG: '1' })).stderr).toMatch(/Error: broken\n\s+at /);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('lets main save at the first %s and ends with 130', async (signal) => {
    const ended = await run(`${waitForAbort} console.log('saved');`, [signal]);
    expect(ended).toMatchObject({ code: 130, stdout: 'ready\nsaved\n' });
    expect(ended.stderr).toContain('press again to quit at once');
  });

  it('takes the abort that main throws on for what it is', async () => {
    expect(await run(`${waitForAbort} signal.throwIfAborted();`, ['SIGINT'])).toMatchObject({ code: 130 });
  });

  it('ends at once at the second signal', async () => {
    const ended = await run(`console.log('ready'); await new Promise((resolve) => setTimeout(resolve, 60000));`, ['SIGINT', 'SIGINT']);
    expect(ended.code).toBe(130);
  });
});
