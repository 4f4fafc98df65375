import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Issue } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';

const built = fileURLToPath(new URL('../dist/index.js', import.meta.url));
const core = createRequire(import.meta.url).resolve('@nonlocal-med/core');

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program whose main function has the given body, and optionally signals it once it has printed `ready`. */
async function run(
  body: string,
  signals: readonly NodeJS.Signals[] = [],
  env: Record<string, string> = {},
): Promise<Ended> {
  const program = `import { runCommand } from ${JSON.stringify(built)}; import { InputError, UnavailableError } from ${JSON.stringify(core)};
    await runCommand(async ({ signal }) => { ${body} });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let stdout = '';
  let stderr = '';
  const pending = [...signals];
  child.stdout.on('data', (data: Buffer) => {
    stdout += data.toString();
    if (stdout.includes('ready') && pending.length === signals.length && pending.length > 0)
      child.kill(pending.shift());
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
  it('exits with 0, or the code that main returns, once all output is flushed', async () => {
    expect(await run(`console.log('x'.repeat(200000));`)).toMatchObject({
      code: 0,
      stdout: `${'x'.repeat(200_000)}\n`,
    });
    expect((await run('return 1;')).code).toBe(1);
  });

  it('prints wrong input without a stack and exits with 2', async () => {
    const issue: Issue = { path: 'data.size', message: 'got 0', hint: 'at least 32' };
    expect(await run(`throw new InputError(${JSON.stringify(issue)});`)).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: data.size: got 0 (at least 32)\n',
    });
    expect((await run(`throw new UnavailableError('no engine');`)).code).toBe(2);
  });

  it('prints what may not be written like wrong input', async () => {
    const error = { code: 'EACCES', syscall: 'mkdir', path: '/shared/runs' };
    const body = `throw Object.assign(new Error('EACCES: permission denied'), ${JSON.stringify(error)});`;
    expect(await run(body)).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'error: /shared/runs: cannot be created: permission denied (choose another place, or change its permissions)\n',
    });
  });

  it('prints other failures, with their stack on request, and exits with 1', async () => {
    const failed = await run(`throw new Error('broken');`);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toBe('error: broken\nSet NONLOCAL_MED_DEBUG=1 to see the stack trace.\n');
    expect(
      (await run(`throw new Error('broken');`, [], { NONLOCAL_MED_DEBUG: '1' })).stderr,
    ).toMatch(/Error: broken\n\s+at /);
  });

  it.each([
    ['SIGINT', 'press again to quit at once'],
    ['SIGTERM', 'Asked to end (SIGTERM): stopping after this step and saving.'],
    ['SIGHUP', 'The terminal was closed: stopping after this step and saving.'],
  ] as const)('lets main save at the first %s and exits with 130', async (signal, message) => {
    const ended = await run(`${waitForAbort} console.log('saved');`, [signal]);
    expect(ended).toMatchObject({ code: 130, stdout: 'ready\nsaved\n' });
    expect(ended.stderr).toContain(message);
  });

  it.each(['SIGTERM', 'SIGHUP'])('goes on saving when another %s comes', async (signal) => {
    const body = `console.log('ready'); await new Promise((resolve) => signal.addEventListener('abort', resolve)); for (let i = 0; i < 3; i++) { process.kill(process.pid, '${signal}'); await new Promise((resolve) => setTimeout(resolve, 20)); } console.log('saved');`;
    const kept = `const alive = setInterval(() => {}, 1000); ${body} clearInterval(alive);`;
    expect(await run(kept, [signal as NodeJS.Signals])).toMatchObject({
      code: 130,
      stdout: 'ready\nsaved\n',
    });
  });

  it('makes control characters in names visible', async () => {
    const name = String.raw`'a\u001b]0;owned\u0007.png'`;
    const ended = await run(
      `console.log(${name}); throw new InputError({ path: ${name}, message: 'is broken' });`,
    );
    expect(ended.stdout).toBe('a\\x1b]0;owned\\x07.png\n');
    expect(ended.stderr).toBe('error: a\\x1b]0;owned\\x07.png: is broken\n');
  });

  it('recognizes the abort that main rethrows', async () => {
    expect(await run(`${waitForAbort} signal.throwIfAborted();`, ['SIGINT'])).toMatchObject({
      code: 130,
    });
  });

  it('exits at once at the second signal', async () => {
    const ended = await run(
      `console.log('ready'); await new Promise((resolve) => setTimeout(resolve, 60000));`,
      ['SIGINT', 'SIGINT'],
    );
    expect(ended.code).toBe(130);
  });

  it('prints causes on request', async () => {
    const { stderr } = await run(`throw new Error('outer', { cause: new Error('inner') });`, [], {
      NONLOCAL_MED_DEBUG: '1',
    });
    expect(stderr).toMatch(/Error: outer[\s\S]*cause[\s\S]*Error: inner/);
  });

  it('reports failures outside main with the same exit codes', async () => {
    const wait = 'await new Promise((resolve) => setTimeout(resolve, 60000));';
    expect(
      await run(
        `setTimeout(() => { throw new InputError({ path: 'image', message: 'is broken' }); }, 10); ${wait}`,
      ),
    ).toEqual({ code: 2, stdout: '', stderr: 'error: image: is broken\n' });
    expect(await run(`void Promise.reject(new Error('lost')); ${wait}`)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('error: lost'),
    });
  });

  it('treats an aborted operation of Node as an interruption', async () => {
    const body = `console.log('ready'); await (await import('node:timers/promises')).setTimeout(60000, undefined, { signal });`;
    const ended = await run(body, ['SIGINT']);
    expect(ended.code).toBe(130);
    expect(ended.stderr).not.toContain('error:');
  });

  it('reports a failure that follows an interruption', async () => {
    expect((await run(`${waitForAbort} throw new Error('disk full');`, ['SIGINT'])).code).toBe(1);
    expect((await run(`${waitForAbort} return 2;`, ['SIGINT'])).code).toBe(2);
  });

  it('exits quietly when the reader of standard output goes away', async () => {
    const program = `import { runCommand } from ${JSON.stringify(built)}; await runCommand(async () => { for (;;) { console.log('x'.repeat(1000)); await new Promise(setImmediate); } });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    child.stdout.once('data', () => child.stdout.destroy());
    const [code] = (await once(child, 'close')) as [number | null];
    expect([code, stderr]).toEqual([0, '']);
  });

  it('continues without progress when the reader of standard error goes away', async () => {
    const program = `import { runCommand } from ${JSON.stringify(built)}; await runCommand(async () => { for (let i = 0; i < 50; i++) { process.stderr.write('x'.repeat(1000)); await new Promise((resolve) => setTimeout(resolve, 5)); } console.log('result'); });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr.once('data', () => child.stderr.destroy());
    const [code] = (await once(child, 'close')) as [number | null];
    expect([code, stdout]).toEqual([0, 'result\n']);
  });
});
