import { expect, it } from 'vitest';
import { terminalProgress } from './installProgress.js';

const run = (isTTY: boolean): string => {
  let output = '';
  const progress = terminalProgress({ isTTY, write: (text) => (output += text) });
  progress.line('fetching');
  for (const done of [1, 5, 55, 56, 100]) progress.bytes(done * 2 ** 20, 100 * 2 ** 20);
  progress.line('unpacking');
  return output;
};

it('rewrites one line on a terminal', () => {
  expect(run(true)).toBe(
    `fetching\n${['1.00', '5.00', '55.0', '56.0', '100'].map((done) => `\r\u001b[K  ${done} MiB of 100 MiB`).join('')}\r\u001b[Kunpacking\n`,
  );
});

it('writes one line per tenth to a pipe', () => {
  expect(run(false)).toBe('fetching\n  55.0 MiB of 100 MiB\n  100 MiB of 100 MiB\nunpacking\n');
});
