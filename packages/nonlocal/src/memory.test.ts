import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/** Resident memory of the whole process, TensorFlow's 300 MiB of libraries and code included. */
const LIMIT_MIB = 1024;

// One matrix of all weights would need 5.2 GiB, the plain form's gradient three of them.
it.skipIf(process.env.NONLOCAL_MED_SLOW !== '1')(
  `193 x 193 positions, forward and backward, stay below ${LIMIT_MIB} MiB (slow: NONLOCAL_MED_SLOW=1)`,
  () => {
    const folder = fileURLToPath(new URL('../bench/', import.meta.url));
    const output = execFileSync(process.execPath, ['worker.js', 'blocked', '193', '1'], { cwd: folder, input: 'run\n', encoding: 'utf8' });
    const [, result] = output.trim().split('\n').map((line) => JSON.parse(line) as { rss: number });
    expect(result.rss).toBeLessThan(LIMIT_MIB);
  },
  600_000,
);
