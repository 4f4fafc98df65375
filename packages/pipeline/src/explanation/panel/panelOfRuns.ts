import { basename } from 'node:path';
import { InputError, throwIssues } from '@nonlocal-med/core';
import { explanationLayers } from '@nonlocal-med/models';
import { readTestPredictions } from '@nonlocal-med/runs';
import {
  openTrainedRun,
  type OpenTrainedRunOptions,
  type TrainedRun,
} from '../../run/openTrainedRun.js';
import type { ProgressListener } from '../../run/progressListener.js';
import { explainedSamples } from '../explainedSamples.js';
import { layerIssues } from '../explanationRequest.js';
import { maskFinder, type MaskOf } from '../lesionMask.js';
import { drawPanel, type PanelCell } from './drawPanel.js';
import { outlineMask, panelColumn } from './panelCells.js';
import { type MaskedRow, type PanelCandidate, panelCandidates, panelRows } from './panelRows.js';

/** A column of maps. */
export interface PanelRun {
  readonly folder: string;
  /** Default: the map that is classified. */
  readonly layer?: string;
  /** Default: the name of the folder. */
  readonly title?: string;
}

/** What to draw. */
export interface PanelOptions
  extends Pick<OpenTrainedRunOptions, 'weights' | 'engine'>, ProgressListener {
  /** The baseline first. A run may stand in several columns, with other layers. */
  readonly runs: readonly PanelRun[];
  /** Ids of test images, or how many to choose; default 4. */
  readonly images?: number | readonly string[];
  /** Whose map is shown: of the class each run predicts (default), or of the true one. */
  readonly explained?: 'predicted' | 'true';
  /** Folder of lesion masks, where the data set names none. */
  readonly masks?: string;
  readonly signal?: AbortSignal;
}

/** A panel and the images on it. */
export interface RunsPanel {
  readonly png: Buffer;
  readonly images: readonly string[];
}

/** Small images are enlarged to about this many pixels. */
const TILE = 240;

/**
 * The paper's picture of methods side by side: a row an image; the image, its lesions outlined where there are masks, and
 * where each run looked. Without ids, images are chosen on which the runs differ: in turn one
 * where the last run is right and one where it is not, small lesions first.
 * @throws InputError when the runs were made on other images, or with all ids and layers that are unknown.
 */
export async function panelOfRuns({
  runs,
  images = 4,
  explained = 'predicted',
  masks,
  ...options
}: PanelOptions): Promise<RunsPanel> {
  if (runs.length === 0)
    throw new InputError({ path: 'runs', message: 'none given', hint: 'at least one' });
  const maskOf = await maskFinder(masks);
  const candidates = panelCandidates(
    await Promise.all(runs.map(({ folder }) => readTestPredictions(folder, options.weights))),
  );
  const columns: { title: string[]; cells: PanelCell[] }[] = [];
  let first: { fingerprint: string; rows: MaskedRow[]; classes: readonly string[] } | undefined;
  for (const { folder, layer: wanted, title = basename(folder) } of runs) {
    options.signal?.throwIfAborted();
    const trained = await openTrainedRun({ ...options, folder });
    try {
      first ??= {
        fingerprint: fingerprintOf(trained),
        classes: trained.classes,
        rows: await rowsOf(trained, { ...options, candidates, images, maskOf }),
      };
      if (fingerprintOf(trained) !== first.fingerprint)
        throw new InputError({
          path: folder,
          message: `was made on other images than ${runs[0].folder}`,
          hint: 'runs on one data set',
        });
      const layer = wanted ?? explanationLayers(trained.model)[0];
      throwIssues(layerIssues(trained.model, [layer], trained.config.model.name));
      columns.push({
        title: [title, `Grad-CAM at ${layer}`],
        cells: await panelColumn(trained, first.rows, { layer, explained, signal: options.signal }),
      });
    } finally {
      trained.model.dispose();
    }
  }
  const { rows, classes } = first!;
  const masked = rows.some(({ mask }) => mask !== undefined);
  const png = await drawPanel({
    columns: [['image'], ...(masked ? [['lesions']] : []), ...columns.map(({ title }) => title)],
    rows: rows.map((row, index) => [
      imageCell(row, classes),
      ...(masked ? [lesionCell(row)] : []),
      ...columns.map(({ cells }) => cells[index]),
    ]),
  });
  return { png, images: rows.map(({ sample }) => sample.id) };
}

async function rowsOf(
  trained: TrainedRun,
  options: ProgressListener & {
    candidates: readonly PanelCandidate[];
    images: number | readonly string[];
    maskOf: MaskOf;
    signal?: AbortSignal;
  },
): Promise<MaskedRow[]> {
  const [height, width] = trained.config.preprocessing.size;
  const factor = Math.max(1, Math.round(TILE / Math.max(height, width)));
  return panelRows(await explainedSamples(trained, options), {
    ...options,
    size: [factor * height, factor * width],
  });
}

function imageCell({ sample, picture }: MaskedRow, classes: readonly string[]): PanelCell {
  return { pixels: picture, caption: [sample.id, `true: ${classes[sample.label]}`] };
}

function lesionCell({ picture, mask }: MaskedRow): PanelCell {
  if (mask === undefined) return { pixels: picture, caption: ['no mask'] };
  const share = mask.data.reduce((sum, value) => sum + Number(value > 0), 0) / mask.data.length;
  return {
    pixels: outlineMask(picture, mask),
    caption: [share === 0 ? 'none' : `${Number((100 * share).toPrecision(2))} % of the image`],
  };
}

const fingerprintOf = ({ run }: TrainedRun): string =>
  (run.environment as { data: { fingerprint: string } }).data.fingerprint;
