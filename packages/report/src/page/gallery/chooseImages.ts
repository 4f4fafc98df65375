import type { GalleryImage } from './galleryImage.js';

/**
 * The order in which images are taken when not all fit: in turn from each class and outcome (all models right, all
 * wrong, models apart), so that the rare ones are there.
 */
export function chooseImages(images: readonly GalleryImage[]): GalleryImage[] {
  const groups = new Map<string, GalleryImage[]>();
  for (const image of images) {
    const outcomes = new Set(
      image.entries.flatMap((entry) => (entry === null ? [] : [entry.predicted === image.label])),
    );
    const key = `${image.label} ${outcomes.size > 1 ? 'apart' : String([...outcomes][0])}`;
    groups.set(key, [...(groups.get(key) ?? []), image]);
  }
  const queues = [...groups.values()];
  const longest = Math.max(0, ...queues.map(({ length }) => length));
  return Array.from({ length: longest }, (_, turn) =>
    queues.flatMap((queue) => queue.slice(turn, turn + 1)),
  ).flat();
}
