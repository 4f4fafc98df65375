import { learningCurve, type LoggedEpoch } from '@nonlocal-med/runs';
import { figureBlock } from '../figure/figureBlock.js';
import { learningPlot, type LearningRun } from '../figure/learningPlot.js';
import { html, type Markup } from '../html/html.js';
import type { PageModel } from '../pageModel.js';
import type { PageSection } from '../pageSection.js';

/** A model with the epochs of its runs. */
interface LearningModel {
  readonly model: PageModel;
  readonly runs: readonly (LearningRun & { readonly repeat: number })[];
}

/** Loss and validation AUC by epoch: one figure per model, with all of its repeats. */
export function learningSection(models: readonly PageModel[]): PageSection {
  const all = models.map((model): LearningModel => ({
    model,
    runs: model.runs.map(({ events, metrics, repeat }) => ({
      epochs: learningCurve(events),
      selectedEpoch: metrics.selectedEpoch,
      repeat,
    })),
  }));
  const epochs = all.flatMap(({ runs }) => runs.flatMap((run) => run.epochs));
  const axes: Axes = {
    epochs: Math.max(1, ...epochs.map(({ epoch }) => epoch)),
    loss: lossRange(epochs),
    auc: aucRange(epochs),
    validated: epochs.some(({ validation }) => validation !== undefined),
  };
  const isRepeated = models.some(({ runs }) => runs.length > 1);
  const curves = axes.validated
    ? 'Solid lines are the mean training loss of each epoch, dashed lines the validation loss. The second plot shows the AUC on the validation set. A ring marks the best checkpoint.'
    : 'Lines are the mean training loss of each epoch. The runs have no validation set, so the last epoch is used.';
  return {
    id: 'learning',
    title: 'Learning curves',
    body:
      epochs.length === 0
        ? html`<p>The runs have no training log.</p>`
        : html`<p>
              ${curves} All models have the same
              axes${isRepeated && ', and each repeat is a separate line'}.
            </p>
            <div class="grid">${all.map((entry) => modelFigures(entry, axes))}</div>`,
  };
}

/** Ranges that the plots of all models share. */
interface Axes {
  readonly epochs: number;
  readonly loss: readonly [number, number];
  readonly auc: readonly [number, number];
  /** Whether any epoch was validated. */
  readonly validated: boolean;
}

function modelFigures(
  { model: { title, style }, runs }: LearningModel,
  { epochs, loss, auc, validated }: Axes,
): Markup {
  const plot = (quantity: 'loss' | 'auc', range: readonly [number, number]): Markup =>
    learningPlot(runs, {
      quantity,
      style,
      epochs,
      range,
      label: `${quantity === 'loss' ? 'Loss' : 'Validation AUC'} by epoch; the numbers follow as a table`,
    });
  return figureBlock({
    title,
    cssClass: style.cssClass,
    plot: html`${plot('loss', loss)}${validated && plot('auc', auc)}`,
    numbers: {
      columns: [
        ...(runs.length > 1 ? [{ title: 'repeat' }] : []),
        { title: 'epoch', align: 'right' },
        { title: 'training loss', align: 'right' },
        ...(validated
          ? [
              { title: 'validation loss', align: 'right' as const },
              { title: 'validation AUC', align: 'right' as const },
            ]
          : []),
      ],
      rows: runs.flatMap((run) =>
        run.epochs.map(({ epoch, trainLoss, validation }) => [
          ...(runs.length > 1 ? [String(run.repeat + 1)] : []),
          `${epoch}${epoch === run.selectedEpoch ? ' (best)' : ''}`,
          trainLoss.toFixed(4),
          ...(validated ? [decimals(validation?.loss), decimals(validation?.auc)] : []),
        ]),
      ),
    },
  });
}

const decimals = (value: number | null | undefined): string =>
  typeof value === 'number' ? value.toFixed(4) : '-';

function lossRange(epochs: readonly LoggedEpoch[]): [number, number] {
  const losses = epochs
    .flatMap(({ trainLoss, validation }) => [trainLoss, validation?.loss])
    .filter((value) => typeof value === 'number');
  return [0, 1.05 * Math.max(0.1, ...losses)];
}

function aucRange(epochs: readonly LoggedEpoch[]): [number, number] {
  const values = epochs
    .map(({ validation }) => validation?.auc)
    .filter((value) => typeof value === 'number');
  return [Math.floor(10 * Math.min(0.5, ...values)) / 10, 1];
}
