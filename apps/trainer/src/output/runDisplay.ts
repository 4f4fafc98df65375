import type { TrainingEvent } from '@nonlocal-med/core';
import type { ProgressListener } from '@nonlocal-med/pipeline';
import {
  createProgressDisplay,
  emitJson,
  formatBytes,
  formatDuration,
  formatNumber,
} from '@nonlocal-med/terminal';

/** How a run is shown. */
export interface RunDisplayOptions {
  /** Events as JSON lines on standard output, in place of text on standard error. */
  readonly json?: true;
  readonly label: string;
  /** Which run of how many. */
  readonly number?: number;
  readonly of?: number;
}

/** Shows a run while it is made: a bar over all steps with loss and time left, a line an epoch. */
export function createRunDisplay({
  json,
  label,
  number = 1,
  of = 1,
}: RunDisplayOptions): ProgressListener {
  if (json !== undefined)
    return {
      onEvent: (event) => emitJson({ model: label, ...event }),
      onNote: (message) => emitJson({ model: label, type: 'note', message }),
    };
  const title = of > 1 ? `[${number}/${of}] ${label}` : label;
  const bars = createProgressDisplay({ prefix: `${title} ` });
  let plan = { epochs: 0, batchesPerEpoch: 0 };
  let residentBytes = 0;
  const show: {
    [T in TrainingEvent['type']]?: (event: Extract<TrainingEvent, { type: T }>) => void;
  } = {
    start: (event) => {
      plan = event;
      const from = event.resumedAtStep > 0 ? `, resumed after step ${event.resumedAtStep}` : '';
      bars.line(
        `${title}: ${count(event.samples, 'training image')}, ${count(event.epochs, 'epoch')} of ${count(event.batchesPerEpoch, 'step')}${from}`,
      );
      bars.begin('training', plan.epochs * plan.batchesPerEpoch, event.resumedAtStep);
    },
    step: ({ step, epoch, loss }) =>
      bars.update(step, `epoch ${epoch}, loss ${formatNumber(loss, 3)}`),
    epoch: (event) => {
      residentBytes = event.residentBytes;
      bars.line(epochLine(event, plan.epochs));
    },
    warning: ({ message }) => bars.line(`warning: ${message}`),
    end: ({ reason, epoch, seconds, bestEpoch }) => {
      bars.end();
      const best = bestEpoch === null ? '' : `, best epoch ${bestEpoch}`;
      const memory = residentBytes === 0 ? '' : `, ${formatBytes(residentBytes)} of memory`;
      bars.line(
        `${title}: ${reason} after ${count(epoch, 'epoch')}, ${formatDuration(seconds)}${memory}${best}`,
      );
    },
  };
  return {
    onNote: (text) => bars.line(text),
    onImages: (stage, done, total) => bars.stage(stage, done, total),
    onEvent: (event) => (show[event.type] as ((event: TrainingEvent) => void) | undefined)?.(event),
  };
}

const count = (number: number, unit: string): string =>
  `${number} ${unit}${number === 1 ? '' : 's'}`;

/** Fits 80 columns; a star marks the best epoch so far. */
function epochLine(
  { epoch, trainLoss, validation, best, seconds }: Extract<TrainingEvent, { type: 'epoch' }>,
  epochs: number,
): string {
  const metrics =
    validation === undefined
      ? ''
      : `, validation loss ${formatNumber(validation.loss, 3)} AUC ${formatNumber(validation.auc, 3)} accuracy ${formatNumber(validation.accuracy, 3)}`;
  return `epoch ${epoch}/${epochs}: loss ${formatNumber(trainLoss, 3)}${metrics}${best ? ' *' : ''} ${formatDuration(seconds)}`;
}
