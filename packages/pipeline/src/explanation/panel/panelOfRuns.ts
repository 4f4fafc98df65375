import { basename } from 'node:path';
import { mapIssues, resolveMaps } from '@nonlocal-med/classifier';
import { InputError, saliencyMapTitle, type SaliencyMethod, throwIssues } from '@nonlocal-med/core';
import { readTestPredictions } from '@nonlocal-med/runs';
import { recordedEnvironment } from '../../run/describeEnvironment.js';
import {
  openTrainedRun,
  type OpenTrainedRunOptions,
  type TrainedRun,
} from '../../run/openTrainedRun.js';
import type { ProgressListener } from '../../run/progressListener.js';
import { drawColorBar } from '../drawOverlay.js';
import { explainedSamples } from '../explainedSamples.js';
import { type MaskOf, openMasks } from '../lesionMask.js';
import { drawPanel, type PanelCell } from './drawPanel.js';
import { imageCell, lesionCell, mapCells } from './panelCells.js';
import { type PanelCandidate, panelCandidates, type PanelRow, panelRows } from './panelRows.js';

/** One column of saliency maps. */
export interface PanelRun {
  readonly folder: string;
  /** Default: the method and layer that `explain` shows first. */
  readonly method?: SaliencyMethod;
  readonly layer?: string;
  /** Default: the name of the folder. */
  readonly title?: string;
}

/** What a panel shows. */
export interface PanelOptions
  extends Pick<OpenTrainedRunOptions, 'weights' | 'engine'>, ProgressListener {
  /** The baseline first. A run may appear in several columns with different methods or layers. */
  readonly runs: readonly PanelRun[];
  /** Ids of test images, or the number of images to choose; default 4. */
  readonly images?: number | readonly string[];
  /** The class that is explained: the one that each run predicts (default), or the true one. */
  readonly explained?: 'predicted' | 'true';
  /** Folder of lesion masks, for data sets without masks. */
  readonly masks?: string;
  readonly signal?: AbortSignal;
}

/** A panel as PNG, and the ids of its images. */
export interface RunsPanel {
  readonly png: Buffer;
  readonly images: readonly string[];
}

/** Small images are enlarged to about this size, in pixels. */
const TILE_SIZE = 240;

/**
 * A figure that compares runs, like those of the paper: one row per image, with the image, its lesions if there are
 * masks, and a saliency map of each run. Without ids, images on which the runs disagree are chosen, alternating between
 * those on which the last run is correct and wrong, small lesions first.
 * @throws InputError if the runs were trained on different images, or with every unknown id, layer or method.
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
  const maskOf = await openMasks(masks);
  const candidates = panelCandidates(
    await Promise.all(runs.map(({ folder }) => readTestPredictions(folder, options.weights))),
  );
  const columns: { title: string[]; cells: PanelCell[] }[] = [];
  let first: { fingerprint?: string; rows: PanelRow[]; classes: readonly string[] } | undefined;
  for (const { folder, method, layer, title = basename(folder) } of runs) {
    options.signal?.throwIfAborted();
    const trained = await openTrainedRun({ ...options, folder });
    const { model, run, config, classes } = trained;
    try {
      const { fingerprint } = recordedEnvironment(run).data!;
      first ??= {
        fingerprint,
        classes,
        rows: await rowsOf(trained, { ...options, candidates, images, maskOf }),
      };
      if (fingerprint !== first.fingerprint)
        throw new InputError({
          path: folder,
          message: `was trained on other images than ${runs[0].folder}`,
          hint: 'runs on the same data set',
        });
      const choice = {
        methods: method && [method],
        layers: layer === undefined ? undefined : [layer],
      };
      throwIssues(mapIssues({ model, name: config.model.name }, choice));
      const [map] = resolveMaps(model, choice);
      const { signal } = options;
      const cells = await mapCells(trained, first.rows, { map, explained, signal });
      columns.push({ title: [title, saliencyMapTitle(map)], cells });
    } finally {
      model.dispose();
    }
  }
  const { rows, classes } = first!;
  const hasMasks = rows.some(({ mask }) => mask !== undefined);
  const png = await drawPanel({
    colorBar: drawColorBar({ height: rows[0].image.height, width: 16 }),
    columns: [['image'], ...(hasMasks ? [['lesions']] : []), ...columns.map(({ title }) => title)],
    rows: rows.map((row, index) => [
      imageCell(row, classes),
      ...(hasMasks ? [lesionCell(row)] : []),
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
): Promise<PanelRow[]> {
  const { size, values } = trained.config.preprocessing;
  const [height, width] = size;
  const factor = Math.max(1, Math.round(TILE_SIZE / Math.max(height, width)));
  return panelRows(await explainedSamples(trained, options), {
    ...options,
    size: [factor * height, factor * width],
    values,
  });
}
