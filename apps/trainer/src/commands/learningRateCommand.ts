import { count, InputError, wrapText } from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import { parseRunConfig, testLearningRate } from '@nonlocal-med/pipeline';
import {
  type CommandContext,
  createProgressDisplay,
  emitJson,
  formatNumber,
  resolveUserPath,
} from '@nonlocal-med/terminal';
import type { LearningRateOptions } from '../options/inspectOptions.js';
import { hasAutomaticBatch } from '../options/measuredOptions.js';
import { readOptions } from '../options/readOptions.js';

type LearningRateTest = Awaited<ReturnType<typeof testLearningRate>>;

/** `learning-rate`: the loss over the learning rate, and the one at which it falls fastest. */
export function learningRateCommand({ signal }: CommandContext) {
  return async ({ from, to, steps, out, json, ...options }: LearningRateOptions): Promise<void> => {
    if (!/\.svg$/i.test(out))
      throw new InputError({ path: '--out', message: `got "${out}"`, hint: 'a .svg file' });
    const file = resolveUserPath(out);
    const given = await readOptions(options);
    if (hasAutomaticBatch(given))
      throw new InputError({
        path: '--batch',
        message: 'got "auto", which is measured by train',
        hint: 'a number, such as the one that train --batch auto reports',
      });
    const config = parseRunConfig(given);
    const display = createProgressDisplay();
    const test = await testLearningRate(config, {
      ...{ from, to, steps, signal },
      onNote: (text) => display.line(wrapText(text)),
      onImages: display.stage,
      onEvent: (event) => {
        if (event.type === 'step') display.stage('testing learning rates', event.step, steps);
        if (event.type === 'warning') display.line(wrapText(`warning: ${event.message}`));
      },
    });
    if (test.diverged) display.stage('testing learning rates', steps, steps);
    const { learningRateFigure } = await import('@nonlocal-med/report/page');
    await writeAtomic(file, learningRateFigure(test));
    if (json !== undefined) return emitJson({ file, ...test });
    process.stdout.write(`${wrapText(testText(test))}\nPlot: ${file}\n`);
  };
}

/** What was found, and what it depends on. */
function testText({ points, compared, suggestion, diverged }: LearningRateTest): string {
  const rate = (value: number): string => String(Number(value.toPrecision(2)));
  const [first, last] = [points[0], points.at(-1)!].map(({ learningRate }) => rate(learningRate));
  const tested = `Tested: ${count(points.length, 'step')} from ${first} to ${last}${diverged ? ', where the loss diverged' : ''}.`;
  const losses =
    compared === null
      ? ''
      : ` (moving average: ${formatNumber(compared.first.smoothedLoss, 3)} at ${rate(compared.first.learningRate)}, lowest ${formatNumber(compared.lowest.smoothedLoss, 3)} at ${rate(compared.lowest.learningRate)})`;
  return suggestion === null
    ? `No learning rate stands out.\n${tested} The loss does not clearly fall at any of them${losses}. Larger batches (--batch, --accumulate) make it less noisy, more steps (--steps) give it time to fall, and pretrained weights (--weights) let it fall sooner.`
    : `Learning rate: ${rate(suggestion)}\n${tested} The loss falls fastest at the suggested rate${losses}. Rates within a factor of 3 are equally good; another batch size, optimizer or augmentation needs another test.`;
}
