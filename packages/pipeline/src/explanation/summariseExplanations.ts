import type { ExplainedImage, ExplainedMap } from '@nonlocal-med/runs';
import { type MeanInterval, meanInterval } from './meanInterval.js';

/** How well the maps at one layer find lesions, over the images that have them, and follow the class, over all images. */
export interface LayerSummary {
  readonly layer: string;
  readonly images: number;
  /** Images with a lesion mask that is not empty; the localisation scores are over these. */
  readonly withLesions: number;
  /** Of these, those whose map is zero everywhere: no energy, and a miss of the pointing game but by chance. */
  readonly zeroMaps: number;
  readonly pointing: MeanInterval | null;
  readonly energyInside: MeanInterval | null;
  readonly intersectionOverUnion: MeanInterval | null;
  /** Mean share of the image that is lesion: pointing game and energy of a map that knows nothing. */
  readonly chance: number | null;
  readonly deletion: MeanInterval | null;
  readonly insertion: MeanInterval | null;
}

/**
 * Scores of each layer as means over images. One map an image counts: that of the predicted class where it was explained,
 * else the true one's, else the first.
 */
export function summariseExplanations(
  images: readonly ExplainedImage[],
  layers: readonly string[],
  { seed, groups }: { seed?: number; groups?: ReadonlyMap<string, string> } = {},
): LayerSummary[] {
  return layers.map((layer): LayerSummary => {
    const counted = images.flatMap((image) => {
      const map = countedMap(image, layer);
      return map === undefined ? [] : [{ id: image.id, map }];
    });
    const meanOf = (
      value: (map: ExplainedMap) => number | null | undefined,
    ): MeanInterval | null => {
      const rows = counted.flatMap(({ id, map }) =>
        ((own) => (own === undefined || own === null ? [] : [{ id, own }]))(value(map)),
      );
      return meanInterval(
        rows.map(({ own }) => own),
        {
          seed,
          groups: groups === undefined ? undefined : rows.map(({ id }) => groups.get(id) ?? id),
        },
      );
    };
    return {
      layer,
      images: counted.length,
      withLesions: counted.filter(({ map }) => map.scores !== undefined).length,
      zeroMaps: counted.filter(({ map }) => map.scores?.energyInside === null).length,
      pointing: meanOf(({ scores }) => scores?.pointing),
      energyInside: meanOf(({ scores }) => scores?.energyInside),
      intersectionOverUnion: meanOf(({ scores }) => scores?.intersectionOverUnion),
      chance: meanOf(({ scores }) => scores?.lesionShare)?.mean ?? null,
      deletion: meanOf((map) => map.perturbation?.deletion),
      insertion: meanOf((map) => map.perturbation?.insertion),
    };
  });
}

function countedMap(
  { maps, predicted, label }: ExplainedImage,
  layer: string,
): ExplainedMap | undefined {
  const own = maps.filter((map) => map.layer === layer);
  return (
    own.find((map) => map.class === predicted) ?? own.find((map) => map.class === label) ?? own[0]
  );
}
