import { count, formatBytes, type TrainingEvent, wrapText } from '@nonlocal-med/core';
import type { ProgressListener } from '@nonlocal-med/pipeline';
import {
  createProgressDisplay,
  emitJson,
  formatDuration,
  formatNumber,
} from '@nonlocal-med/terminal';

/** What to show of a run, and how. */
export interface RunDisplayOptions {
  /** Writes events as JSON lines to standard output instead of text to standard error. */
  readonly json?: true;
  readonly label: string;
  /** Position of the run among several, from 1. */
  readonly number?: number;
  readonly of?: number;
}

/** Shows a run while it trains: a bar over all steps with loss and remaining time, and one line per epoch. */
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
  const display = createProgressDisplay({ prefix: `${title} ` });
  let epochs = 0;
  let residentBytes = 0;
  const show: {
    [T in TrainingEvent['type']]?: (event: Extract<TrainingEvent, { type: T }>) => void;
  } = {
    start: (event) => {
      const { stepsPerEpoch = event.batchesPerEpoch } = event;
      epochs = event.epochs;
      const from = event.resumedAtStep > 0 ? `, resumed after step ${event.resumedAtStep}` : '';
      display.line(
        `${title}: ${count(event.samples, 'training image')}, ${count(epochs, 'epoch')} of ${count(stepsPerEpoch, 'step')}${from}`,
      );
      display.begin('training', epochs * stepsPerEpoch, event.resumedAtStep);
    },
    step: ({ step, epoch, loss }) =>
      display.update(step, `epoch ${epoch}, loss ${formatNumber(loss, 3)}`),
    epoch: (event) => {
      residentBytes = event.residentBytes;
      display.line(epochLine(event, epochs));
    },
    warning: ({ message }) => display.line(wrapText(`warning: ${message}`)),
    end: ({ reason, epoch, seconds, bestEpoch }) => {
      display.end();
      const best = bestEpoch === null ? '' : `, best epoch ${bestEpoch}`;
      const memory = residentBytes === 0 ? '' : `, ${formatBytes(residentBytes)} of memory`;
      display.line(
        `${title}: ${reason} after ${count(epoch, 'epoch')}, ${formatDuration(seconds)}${memory}${best}`,
      );
    },
  };
  return {
    onNote: (text) => display.line(wrapText(text)),
    onImages: (stage, done, total) => display.stage(stage, done, total),
    onEvent: (event) => (show[event.type] as ((event: TrainingEvent) => void) | undefined)?.(event),
  };
}

/** The line of an epoch in 80 columns; a star marks the best epoch so far. */
function epochLine(
  { epoch, trainLoss, validation, best, seconds }: Extract<TrainingEvent, { type: 'epoch' }>,
  epochs: number,
): string {
  const metrics =
    validation === undefined
      ? ''
      : `, validation loss ${formatNumber(validation.loss, 3)} AUC ${formatNumber(validation.auc, 3)} accuracy ${formatNumber(validation.accuracy, 3)}`;
  return `epoch ${epoch}/${epochs}: loss ${formatNumber(trainLoss, 3)}${metrics}${best ? ' *' : ''} ${formatDuration(seconds)}${attentionText(validation)}`;
}

/** A further line with what was measured of the model's attention; none if it is not watched. */
function attentionText(
  validation: Extract<TrainingEvent, { type: 'epoch' }>['validation'],
): string {
  const { attentionEntropy, attentionOnLesions } = validation ?? {};
  if (typeof attentionEntropy !== 'number') return '';
  const lesions =
    typeof attentionOnLesions === 'number'
      ? `, on lesions ${formatNumber(attentionOnLesions, 2)} times the average`
      : '';
  return `\n  attention: entropy ${formatNumber(attentionEntropy, 2)} nats${lesions}`;
}
