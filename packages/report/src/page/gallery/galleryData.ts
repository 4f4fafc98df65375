import type { EmbeddedImage } from './embedImages.js';
import type { Gallery } from './gallery.js';

/** A map of the page's data: layer and class by index, its image, and rounded scores. */
export interface MapData {
  readonly layer: number;
  readonly class: number;
  readonly source: string;
  readonly pointing?: number;
  readonly energy?: number | null;
  readonly overlap?: number;
  readonly deletion?: number;
  readonly insertion?: number;
}

/** What the page's script knows of an image. */
export interface ImageData {
  readonly id: string;
  readonly label: number;
  readonly entries: readonly ({
    readonly predicted: number;
    readonly probabilities: readonly number[];
    readonly maps: readonly MapData[];
  } | null)[];
}

/** What the page's script knows of the gallery; pictures and masks are in the page itself. */
export interface GalleryData {
  readonly classes: readonly string[];
  readonly layers: readonly string[];
  readonly models: readonly string[];
  readonly repeat: number;
  readonly images: readonly ImageData[];
}

/** The data of a gallery's script. */
export function galleryData(
  { classes, layers, models, repeat }: Gallery,
  images: readonly EmbeddedImage[],
): GalleryData {
  return {
    classes,
    layers,
    repeat,
    models: models.map(({ model }) => model.title),
    images: images.map(({ image, maps }) => ({
      id: image.id,
      label: image.label,
      entries: image.entries.map((entry, m) =>
        entry === null
          ? null
          : {
              predicted: entry.predicted,
              probabilities: entry.probabilities.map(round),
              maps: entry.maps.flatMap((map, i) => mapData(map, { source: maps[m][i], layers })),
            },
      ),
    })),
  };
}

function mapData(
  {
    layer,
    class: classIndex,
    scores,
    perturbation,
  }: NonNullable<EmbeddedImage['image']['entries'][number]>['maps'][number],
  { source, layers }: { source: string | null; layers: readonly string[] },
): MapData[] {
  if (source === null) return [];
  return [
    {
      layer: layers.indexOf(layer),
      class: classIndex,
      source,
      ...(scores === undefined
        ? {}
        : {
            pointing: scores.pointing,
            energy: scores.energyInside === null ? null : round(scores.energyInside),
            overlap: round(scores.intersectionOverUnion),
          }),
      ...(perturbation === undefined
        ? {}
        : { deletion: round(perturbation.deletion), insertion: round(perturbation.insertion) }),
    },
  ];
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4;
