import { type LoggedEpoch, learningCurve } from '@nonlocal-med/runs';
import { learningPlot, type LearningRun } from '../figure/learningPlot.js';
import { html } from '../html/html.js';
import type { Markup } from '../html/markup.js';
import type { PageModel } from '../pageModel.js';
import { figureBlock } from '../part/figureBlock.js';
import type { PageSection } from '../part/sectionMarkup.js';

interface LearningModel {
  readonly model: PageModel;
  readonly runs: readonly (LearningRun & { readonly repeat: number })[];
}

/** Loss and validation AUC by epoch, a column a model, all of its repeats. */
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
  const validated = epochs.some(({ validation }) => validation !== undefined);
  const axes = {
    epochs: Math.max(1, ...epochs.map(({ epoch }) => epoch)),
    loss: lossRange(epochs),
    auc: aucRange(epochs),
  };
  return {
    id: 'learning',
    title: 'Learning curves',
    body:
      epochs.length === 0
        ? html`<p>The runs have no log.</p>`
        : html`<p>
              Mean training loss of each
              epoch${validated ? ' (solid), loss on the validation side (dashed) and AUC there; a ring marks the epoch whose weights were selected' : '; the runs have no validation side, so their last epoch counts'}.
              All models share their
              axes${all.some(({ runs }) => runs.length > 1) && '; each repeat is a line'}.
            </p>
            <div class="grid">
              ${all.map((entry) => modelFigures(entry, { ...axes, validated }))}
            </div>`,
  };
}

interface Axes {
  readonly epochs: number;
  readonly loss: readonly [number, number];
  readonly auc: readonly [number, number];
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
    className: style.className,
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
          `${epoch}${epoch === run.selectedEpoch ? ' (selected)' : ''}`,
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
