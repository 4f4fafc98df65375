import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/** Resident memory of the whole process, including 300 MiB of TensorFlow's libraries and code. */
const LIMIT_MIB = 1024;

// One matrix of all weights would need 5.2 GiB; the gradient of the naive form needs three.
it.skipIf(process.env.NONLOCAL_MED_SLOW !== '1')(
  `needs less than ${LIMIT_MIB} MiB for 193 x 193 positions, forward and backward (slow: NONLOCAL_MED_SLOW=1)`,
  () => {
    const program = fileURLToPath(new URL('../test/child/attentionMemory.mjs', import.meta.url));
    const resident = Number(execFileSync(process.execPath, [program, '193'], { encoding: 'utf8' }));
    expect(resident).toBeGreaterThan(0);
    expect(resident).toBeLessThan(LIMIT_MIB);
  },
  600_000,
);
