import { createInterface } from 'node:readline';

/** The input of the case. */
export const input = JSON.parse(process.argv[2]);

/**
 * Prints one line of facts, then answers each command on stdin with one line of JSON. For `round` that is the cost of one
 * of `repeat` calls of `work` (wall and processor milliseconds, peak resident memory in MiB) and the numbers that `work`
 * returns; for any other command, the result of that function in `commands`.
 */
export async function serve(facts, work, { repeat = 1, commands = {} } = {}) {
  report(facts);
  for await (const command of createInterface({ input: process.stdin })) {
    report(command === 'round' ? await timed(work, repeat) : await commands[command]());
  }
}

async function timed(work, repeat) {
  const [start, before] = [performance.now(), process.cpuUsage()];
  let numbers;
  for (let i = 0; i < repeat; i++) numbers = await work();
  const { user, system } = process.cpuUsage(before);
  return {
    wall: (performance.now() - start) / repeat,
    cpu: (user + system) / 1e3 / repeat,
    rss: process.resourceUsage().maxRSS / 1024,
    ...numbers,
  };
}

const report = (facts) => process.stdout.write(`${JSON.stringify(facts)}\n`);
