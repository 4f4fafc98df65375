import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('../', import.meta.url));

/**
 * Starts one side of a case in a process of its own. It prints a line of facts, then answers each line with a line of
 * JSON: what one round cost (see sides/serve.mjs and sides/serve.py).
 * @throws Error when the process ends before it has answered, with its exit code and the last of what it said
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
  let said = '';
  child.stderr.on('data', (text) => (said = (said + text).slice(-2000)));
  child.stdin.on('error', () => undefined); // the process has ended; the missing answer says so
  const ended = new Promise((resolve) => child.on('close', resolve));
  child.on('error', (error) => (said += error.message));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done)
      throw new Error(
        `${side} (${script} ${JSON.stringify(input)}) ended early, code ${await ended}: ${said.trim()}`,
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
