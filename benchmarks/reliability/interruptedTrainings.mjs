/* A training that is killed, or whose writes fail, at one change of the disk after the other, and is resumed. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const program = fileURLToPath(
  new URL('../../packages/train/test/child/train.mjs', import.meta.url),
);

/** Trains a run to its end, or until it is killed or fails; returns what it printed and how it ended. */
async function train(run, env = {}) {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [program, run], {
      env: { ...process.env, ...env },
    });
    return { ended: 'finished', stdout };
  } catch (error) {
    return { ended: error.signal ?? 'failed', stdout: error.stdout, stderr: error.stderr };
  }
}

/** Hash of all files of the newest checkpoint of each kind. */
function resultOf(run) {
  const hash = createHash('sha256');
  for (const kind of ['last', 'best']) {
    const folder = join(run, 'checkpoints', kind);
    const newest = readdirSync(folder)
      .filter((name) => !name.startsWith('.'))
      .sort()
      .at(-1);
    for (const file of readdirSync(join(folder, newest)).sort())
      if (!file.endsWith('.json')) hash.update(readFileSync(join(folder, newest, file)));
  }
  return hash.digest('hex');
}

/**
 * @param trials how often the training is killed, and how often its writes fail, evenly spaced over its changes of the disk
 */
export async function interruptTrainings(trials) {
  const folder = mkdtempSync(join(tmpdir(), 'reliability-'));
  try {
    const reference = join(folder, 'reference');
    const { stdout } = await train(reference, { COUNT_CALLS: '1' });
    const { calls } = JSON.parse(stdout.trim().split('\n').at(-1));
    const expected = resultOf(reference);
    const results = [];
    for (const [name, variable, count] of [
      ['killed (SIGKILL)', 'KILL_AT_CALL', trials.kill],
      ['disk full from here on', 'FAIL_AT_CALL', trials.fail],
    ]) {
      const result = { name, count, same: 0, refused: 0, different: 0 };
      for (let i = 0; i < count; i++) {
        const call = 1 + Math.round((i * (calls - 1)) / Math.max(count - 1, 1));
        const run = join(folder, 'run');
        await train(run, { [variable]: String(call) });
        const { ended } = await train(run);
        if (ended !== 'finished') result.refused += 1;
        else if (resultOf(run) === expected) result.same += 1;
        else result.different += 1;
        rmSync(run, { recursive: true, force: true });
      }
      results.push(result);
    }
    return { calls, trials: results };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
