import type { GalleryData, MapData } from '../client/galleryData.js';
import type { EmbeddedImage } from './embedImages.js';
import type { Gallery, GalleryMap } from './readGallery.js';

/** The data that the page's script shows the gallery from. */
export function toGalleryData(
  { classes, layers, models, repeat }: Gallery,
  images: readonly EmbeddedImage[],
): GalleryData {
  return {
    classes,
    layers,
    repeat,
    models: models.map(({ model }) => model.title),
    images: images.map(({ image, mapUris }) => ({
      id: image.id,
      label: image.label,
      ...(image.findings === undefined ? {} : { findings: image.findings }),
      predictions: image.predictions.map(
        (prediction, m) =>
          prediction && {
            predicted: prediction.predicted,
            probabilities: prediction.probabilities.map(round),
            maps: prediction.maps.flatMap((map, i) => {
              const source = mapUris[m][i];
              return source === null ? [] : [mapData(map, { source, layers })];
            }),
          },
      ),
    })),
  };
}

function mapData(
  { layer, class: classIndex, scores, perturbation }: GalleryMap,
  { source, layers }: { source: string; layers: readonly string[] },
): MapData {
  return {
    layer: layers.indexOf(layer),
    class: classIndex,
    source,
    ...(scores && {
      pointing: scores.pointing,
      energy: scores.energyInside === null ? null : round(scores.energyInside),
      overlap: round(scores.intersectionOverUnion),
    }),
    ...(perturbation && {
      deletion: round(perturbation.deletion),
      insertion: round(perturbation.insertion),
    }),
  };
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4;
