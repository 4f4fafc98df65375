import { expect, it } from 'vitest';
import { createProgressDisplay } from './createProgressDisplay.js';

function collect(isTTY: boolean): {
  stream: { isTTY: boolean; columns: number; write: (text: string) => unknown };
  text: () => string;
} {
  let all = '';
  return { stream: { isTTY, columns: 60, write: (text) => (all += text) }, text: () => all };
}

it('shows one thing after the other in a pipe, each with its last count', () => {
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

it('takes the bar off the line where a text goes, and off the terminal at the end', () => {
  const { stream, text } = collect(true);
  const display = createProgressDisplay({ stream });
  display.begin('training', 4);
  display.line('a note');
  display.update(1);
  display.end();
  expect(text()).toMatch(/^\rtraining ░+ 0\/4\S*\r\S*\[Ka note\n\rtraining █+░+ 1\/4.*\r\S*\[K$/);
});
