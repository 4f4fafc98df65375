import { createInterface } from 'node:readline';

/** What this side was asked to do. */
export const input = JSON.parse(process.argv[2]);

/**
 * Prints a line of facts, then answers each line on stdin with a line of JSON: after `round` what the work cost (wall and
 * processor milliseconds of one of its `repeat` calls, peak resident memory in MiB) with the numbers that it returns
 * itself, after any other command what `commands` gives.
 */
export async function serve(facts, work, { repeat = 1, commands = {} } = {}) {
  report(facts);
  for await (const command of createInterface({ input: process.stdin })) {
    report(command === 'round' ? await timed(work, repeat) : await commands[command]());
  }
}

async function timed(work, repeat) {
  const [start, before] = [performance.now(), process.cpuUsage()];
  let own;
  for (let i = 0; i < repeat; i++) own = await work();
  const { user, system } = process.cpuUsage(before);
  return {
    wall: (performance.now() - start) / repeat,
    cpu: (user + system) / 1e3 / repeat,
    rss: process.resourceUsage().maxRSS / 1024,
    ...own,
  };
}

const report = (facts) => process.stdout.write(`${JSON.stringify(facts)}\n`);
