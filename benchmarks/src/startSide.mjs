import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('../', import.meta.url));

/**
 * Starts one side of a case in a separate process. The process prints one line of facts, then answers each command with
 * one line of JSON, such as the cost of a round (see sides/serve.mjs and sides/serve.py).
 * @throws Error if the process ends before it has answered, with its exit code and the end of its error output
 */
export async function startSide({ side, script, input }, { python, threads, kernels }) {
  const program = script.endsWith('.py') ? python : process.execPath;
  const child = spawn(
    program,
    [`${here}sides/${script}`, JSON.stringify({ threads, kernels, ...input })],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, PYTHONPATH: here, PYTHONDONTWRITEBYTECODE: '1' },
    },
  );
  let errorOutput = '';
  child.stderr.on('data', (text) => (errorOutput = (errorOutput + text).slice(-2000)));
  child.stdin.on('error', () => undefined); // the process has ended, which the missing answer reports
  const ended = new Promise((resolve) => child.on('close', resolve));
  child.on('error', (error) => (errorOutput += error.message));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done)
      throw new Error(
        `${side} (${script} ${JSON.stringify(input)}) ended early, code ${await ended}: ${errorOutput.trim()}`,
      );
    return JSON.parse(value);
  };
  const ask = (command) => {
    child.stdin.write(`${command}\n`);
    return answer();
  };
  const facts = await answer();
  return { side, facts, ask, end: () => (child.stdin.end(), ended), kill: () => child.kill() };
}
