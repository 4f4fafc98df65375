import { describe, expect, it, vi } from 'vitest';
import { createProgress } from './createProgress.js';

const collect = (isTTY: boolean, columns = 80): { stream: { isTTY: boolean; columns: number; write: (text: string) => void }; text: () => string } => {
  let all = '';
  // What cli-progress asks of a terminal beyond writing.
  const terminal = { isTTY, columns, write: (text: string) => void (all += text), on: () => terminal, cursorTo: () => true, clearLine: () => true };
  return { stream: terminal, text: () => all };
};

describe('createProgress', () => {
  it('writes plain lines with the time left when piped, the last one always', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { stream, text } = collect(false);
    const progress = createProgress({ label: 'epoch 1', total: 10, stream, secondsBetweenLines: 10 });
    vi.advanceTimersByTime(4000);
    progress.update(2, 'loss 1.0');
    vi.advanceTimersByTime(6000);
    progress.update(5, 'loss 0.5');
    progress.update(10, 'loss 0.4');
    progress.stop();
    vi.useRealTimers();
    expect(text()).toBe('epoch 1 5/10, loss 0.5, 10 s left\nepoch 1 10/10, loss 0.4\n');
  });

  it('does not count what a resumed run had done for the rate', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { stream, text } = collect(false);
    const progress = createProgress({ label: 'run', total: 100, start: 90, stream, secondsBetweenLines: 1 });
    vi.advanceTimersByTime(10_000);
    progress.update(95);
    vi.useRealTimers();
    expect(text()).toBe('run 95/100, 10 s left\n');
  });

  it('draws a bar on a terminal, narrow ones included', () => {
    for (const columns of [30, 120]) {
      const { stream, text } = collect(true, columns);
      const progress = createProgress({ label: 'epoch 1', total: 10, stream });
      progress.update(5, 'loss 0.5');
      progress.stop();
      expect(text()).toContain('epoch 1');
      expect(text()).toContain('5/10');
    }
  });
});
