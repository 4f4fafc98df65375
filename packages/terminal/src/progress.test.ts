import stringWidth from 'string-width';
import { describe, expect, it, vi } from 'vitest';
import { createProgress, progressLine, type ProgressStream } from './progress.js';
import { createProgressDisplay } from './progressDisplay.js';

const collect = (isTTY: boolean, columns = 80): { stream: ProgressStream; text: () => string } => {
  let all = '';
  return { stream: { isTTY, columns, write: (text: string) => (all += text) }, text: () => all };
};

describe('createProgress', () => {
  it('writes plain lines with the remaining time to a pipe, and always the last one', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { stream, text } = collect(false);
    const progress = createProgress({
      label: 'epoch 1',
      total: 10,
      stream,
      secondsBetweenLines: 10,
    });
    vi.advanceTimersByTime(4000);
    progress.update(2, 'loss 1.0');
    vi.advanceTimersByTime(6000);
    progress.update(5, 'loss 0.5');
    progress.update(10, 'loss 0.4');
    progress.stop();
    vi.useRealTimers();
    expect(text()).toBe('epoch 1 5/10, loss 0.5, 10 s left\nepoch 1 10/10, loss 0.4\n');
  });

  it('leaves what a resumed run had already done out of the rate', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { stream, text } = collect(false);
    const progress = createProgress({
      label: 'run',
      total: 100,
      start: 90,
      stream,
      secondsBetweenLines: 1,
    });
    vi.advanceTimersByTime(10_000);
    progress.update(95);
    vi.useRealTimers();
    expect(text()).toBe('run 95/100, 10 s left\n');
  });

  it('draws a bar on a terminal, at most ten times per second, and removes it at the end', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { stream, text } = collect(true, 60);
    const progress = createProgress({ label: 'epoch 1', total: 1000, stream });
    for (let done = 1; done <= 1000; done++) {
      vi.advanceTimersByTime(1);
      progress.update(done, 'loss 0.5');
    }
    progress.stop();
    vi.useRealTimers();
    const frames = text().split('\r').slice(1);
    expect(frames).toHaveLength(12); // the first, one per 100 ms, the clearing one
    expect(frames[0]).toBe(`epoch 1 ${'░'.repeat(30)} 0/1000\u001b[K`);
    expect(frames[5]).toBe('epoch 1 █████████░░░░░░░░░ 500/1000  0.5 s left  loss 0.5\u001b[K');
    expect(frames.slice(-2)).toEqual([
      `epoch 1 ${'█'.repeat(29)} 1000/1000  loss 0.5\u001b[K`,
      '\u001b[K',
    ]);
  });

  it('redraws the bar below other text', () => {
    const { stream, text } = collect(true);
    const progress = createProgress({ label: 'run', total: 3, stream });
    progress.clear();
    stream.write('a line\n');
    progress.update(1);
    expect(text()).toMatch(/run ░+ 0\/3.*\r\S*\[Ka line\n\rrun █+░+ 1\/3/);
  });

  it.each([200, 80, 40, 20, 8])('does not wrap on a terminal of %i columns', (columns) => {
    const line = progressLine(
      {
        label: '[1/2] resnet18-nla 訓練',
        done: 50,
        total: 100,
        left: '3 min 05 s',
        text: 'epoch 1, loss 0.412',
      },
      columns,
    );
    expect(stringWidth(line)).toBeLessThanOrEqual(columns - 3);
    expect(line.startsWith('[1/2]')).toBe(true);
    if (columns >= 80)
      expect(line).toMatch(
        /^\[1\/2\] resnet18-nla 訓練 █+░+ 50\/100 {2}3 min 05 s left {2}epoch 1, loss 0\.412$/,
      );
  });

  it('writes lines to a terminal that cannot move its cursor', () => {
    vi.stubEnv('TERM', 'dumb');
    const { stream, text } = collect(true);
    const progress = createProgress({ label: 'epoch 1', total: 2, stream });
    progress.update(2);
    progress.stop();
    vi.unstubAllEnvs();
    expect(text()).toBe('epoch 1 2/2\n');
  });
});

describe('createProgressDisplay', () => {
  it('writes the last count of each task to a pipe', () => {
    const { stream, text } = collect(false);
    const display = createProgressDisplay({ prefix: 'resnet18 ', stream });
    for (const done of [1, 2, 3]) display.stage('checking images', done, 3);
    display.line('a note');
    display.begin('training', 4, 2);
    display.update(3, 'loss 0.5');
    display.stage('testing', 1, 1);
    display.end();
    expect(text()).toBe(
      'resnet18 checking images 3/3\na note\nresnet18 training 3/4, loss 0.5, 0.0 s left\nresnet18 testing 1/1\n',
    );
  });

  it('removes the bar before a line of text and at the end', () => {
    const { stream, text } = collect(true, 60);
    const display = createProgressDisplay({ stream });
    display.begin('training', 4);
    display.line('a note');
    display.update(1);
    display.end();
    expect(text()).toMatch(/^\rtraining ░+ 0\/4\S*\r\S*\[Ka note\n\rtraining █+░+ 1\/4.*\r\S*\[K$/);
  });
});
