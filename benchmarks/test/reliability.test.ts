import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const program = fileURLToPath(new URL('../reliability.mjs', import.meta.url));
/** NONLOCAL_MED_SLOW=1 tries as many as docs/reliability.md reports, which takes an hour. */
const quick = ['--kills', '2', '--failures', '2', '--inputs', '100', '--epochs', '4'];
const parameters = process.env.NONLOCAL_MED_SLOW === '1' ? [] : quick;

it('loses nothing in trainings that are killed or run out of space, and survives damaged files', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...parameters], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('killed (SIGKILL)');
  expect(stdout).toContain('weight files');
}, 7_200_000);
