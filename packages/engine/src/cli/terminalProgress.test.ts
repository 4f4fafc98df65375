import { expect, it } from 'vitest';
import { terminalProgress } from './terminalProgress.js';

const run = (isTTY: boolean): string => {
  let output = '';
  const progress = terminalProgress({ isTTY, write: (text) => (output += text) });
  progress.line('fetching');
  for (const done of [1, 5, 55, 56, 100]) progress.bytes(done * 1e6, 100e6);
  progress.line('unpacking');
  return output;
};

it('rewrites one line on a terminal', () => {
  expect(run(true)).toBe(
    `fetching\n${['1.0', '5.0', '55', '56', '100'].map((done) => `\r\u001b[K  ${done} MB of 100 MB`).join('')}\r\u001b[Kunpacking\n`,
  );
});

it('writes a line each tenth when piped', () => {
  expect(run(false)).toBe('fetching\n  55 MB of 100 MB\n  100 MB of 100 MB\nunpacking\n');
});
