import { join } from 'node:path';
import { type Explanations, readExplanations } from '@nonlocal-med/runs';
import type { PageModel, PageRun } from '../pageModel.js';
import type { Gallery } from './gallery.js';
import type { GalleryEntry, GalleryImage } from './galleryImage.js';

interface ExplainedRun extends Explanations {
  readonly model: PageModel;
  readonly run: PageRun;
}

/**
 * The explained images of the repeat that most models have explained, the first of equals.
 * @returns null when no run has explanations.
 * @throws InputError that lists the issues of an index.
 */
export async function readGallery(models: readonly PageModel[]): Promise<Gallery | null> {
  const explained: ExplainedRun[] = [];
  for (const model of models) {
    for (const run of model.runs) {
      const explanations = await readExplanations(run.path);
      if (explanations !== null && explanations.index.images.length > 0)
        explained.push({ ...explanations, model, run });
    }
  }
  if (explained.length === 0) return null;
  const counts = new Map<number, number>();
  for (const { run } of explained) counts.set(run.repeat, (counts.get(run.repeat) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const repeat = [...counts]
    .filter(([, count]) => count === most)
    .map(([number]) => number)
    .sort((a, b) => a - b)[0];
  const runs = explained.filter(({ run }) => run.repeat === repeat);
  return {
    models: runs.map(({ model, index, run }) => ({
      model,
      weights: index.weights,
      place: run.place,
    })),
    repeat,
    classes: runs[0].index.classes,
    layers: [...new Set(runs.flatMap(({ index }) => index.layers))],
    images: joinImages(runs),
  };
}

/** Images by id, with what each run says of them; an image's picture and mask are the first run's that has it. */
function joinImages(runs: readonly ExplainedRun[]): GalleryImage[] {
  const ids = [...new Set(runs.flatMap(({ index }) => index.images.map(({ id }) => id)))];
  const byRun = runs.map(({ index }) => new Map(index.images.map((image) => [image.id, image])));
  return ids.map((id) => {
    const first = byRun.findIndex((images) => images.has(id));
    const { label, picture, mask } = byRun[first].get(id)!;
    const { folder } = runs[first];
    return {
      id,
      label,
      picture: join(folder, picture),
      ...(mask === undefined ? {} : { mask: join(folder, mask) }),
      entries: runs.map((run, r) => entryOf(run, byRun[r].get(id))),
    };
  });
}

function entryOf(
  { folder }: ExplainedRun,
  image: ExplainedRun['index']['images'][number] | undefined,
): GalleryEntry | null {
  if (image === undefined) return null;
  const { predicted, probabilities, maps } = image;
  return {
    predicted,
    probabilities,
    maps: maps.map(({ layer, class: classIndex, map, scores, perturbation }) => ({
      layer,
      class: classIndex,
      file: join(folder, map),
      scores,
      perturbation,
    })),
  };
}
