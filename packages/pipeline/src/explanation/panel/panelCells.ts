import { FINDING_THRESHOLD, readClasses } from '@nonlocal-med/classifier';
import type { Pixels, SaliencyMap } from '@nonlocal-med/core';
import { mapOnImage } from '@nonlocal-med/data/image';
import { blendMap } from '@nonlocal-med/explain';
import { createRunLoader } from '../../data/runData.js';
import type { TrainedRun } from '../../run/openTrainedRun.js';
import { loadOriginal } from '../imageFrame.js';
import { lesionShare, resizeMask } from '../lesionMask.js';
import { mapImages } from '../mapImages.js';
import type { PanelCell } from './drawPanel.js';
import type { PanelRow } from './panelRows.js';

/** Both are dark enough for small letters on white; the caption also says it in words. */
const COLORS = { correct: '#1b5e20', wrong: '#b00020' } as const;
/** Bright, and unlike the colors of fundus photographs and radiographs. */
const OUTLINE_COLOR = [0, 255, 255] as const;

/** The column of a run: its saliency map over each image, its prediction, and whether that is correct. */
export async function mapCells(
  { model, config, task, classes }: TrainedRun,
  rows: readonly PanelRow[],
  {
    map: saliencyMap,
    explained,
    signal,
  }: { map: SaliencyMap; explained: 'predicted' | 'true'; signal?: AbortSignal },
): Promise<PanelCell[]> {
  const samples = rows.map(({ sample }) => sample);
  const loader = createRunLoader(samples, config, { classes, training: false, signal });
  const cells: PanelCell[] = [];
  try {
    const images = mapImages(model, loader.epoch(0), {
      task,
      maps: [saliencyMap],
      classesOf: readClasses([explained], classes),
      preprocessing: config.preprocessing,
      signal,
    });
    for await (const { predicted, probabilities, maps } of images) {
      const { sample, image } = rows[cells.length];
      const [{ map, class: explainedClass }] = maps;
      const empty = map.every((value) => value === 0) ? ' (empty map)' : '';
      const shown = sample.findings === undefined ? predicted : explainedClass;
      const verdict = verdictOf(sample, { shown, probability: probabilities[shown] });
      const resized = mapOnImage(map, await loadOriginal(sample, config.preprocessing.values), {
        ...config.preprocessing,
        to: [image.height, image.width],
      });
      cells.push({
        pixels: blendMap(image, resized),
        caption: [
          `${classes[shown]}${empty}`,
          `${verdict}, probability ${probabilities[shown].toFixed(2)}`,
        ],
        color: verdict === 'not known' ? undefined : COLORS[verdict],
      });
    }
  } finally {
    await loader.close();
  }
  return cells;
}

/** Whether the class is the true one, or the finding is called present where it is. */
function verdictOf(
  { label, findings }: PanelRow['sample'],
  { shown, probability }: { readonly shown: number; readonly probability: number },
): 'correct' | 'wrong' | 'not known' {
  if (findings === undefined) return shown === label ? 'correct' : 'wrong';
  if (findings[shown] < 0) return 'not known';
  return probability >= FINDING_THRESHOLD === (findings[shown] === 1) ? 'correct' : 'wrong';
}

/** The cell of the image itself, with its true class or findings. */
export function imageCell({ sample, image }: PanelRow, classes: readonly string[]): PanelCell {
  const { id, label, findings } = sample;
  const present = classes.filter((_, finding) => findings?.[finding] === 1).join(', ');
  const truth = findings === undefined ? classes[label] : present === '' ? 'no finding' : present;
  return { pixels: image, caption: [id, `true: ${truth}`] };
}

/** The cell of the image with its lesions outlined. */
export function lesionCell({ image, mask }: PanelRow): PanelCell {
  if (mask === undefined) return { pixels: image, caption: ['no mask'] };
  const share = lesionShare(mask);
  const percent = `${Number((100 * share).toPrecision(2))} % of the image`;
  return { pixels: outlineMask(image, mask), caption: [share === 0 ? 'none' : percent] };
}

/**
 * An image with a line around each lesion, outside of it.
 * @param mask of any size; it is resized to the image
 */
export function outlineMask(image: Pixels, mask: Pixels): Pixels {
  const { height, width } = image;
  const lesions = resizeMask(mask, [height, width]);
  const thickness = Math.max(1, Math.round(Math.min(height, width) / 160));
  const nearLesion = (x: number, y: number): boolean => {
    const [top, bottom] = [Math.max(0, y - thickness), Math.min(height - 1, y + thickness)];
    const [left, right] = [Math.max(0, x - thickness), Math.min(width - 1, x + thickness)];
    for (let row = top; row <= bottom; row++)
      for (let column = left; column <= right; column++)
        if (lesions[row * width + column] > 0) return true;
    return false;
  };
  const data = image.data.slice();
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (lesions[y * width + x] === 0 && nearLesion(x, y))
        data.set(OUTLINE_COLOR, 3 * (y * width + x));
  return { ...image, data };
}
