import type { GalleryData, ImageData, MapData, PredictionData } from './galleryData.js';

/** The images of the gallery as the model, layer and class that are chosen in its controls show them. */
export interface GallerySelection extends GalleryData {
  /** Index of the chosen model. */
  readonly model: () => number;
  /** The kind of a model's maps: the chosen one, or the model's first one if it does not have that kind; -1 for none. */
  readonly layerOf: (model: number) => number;
  readonly predictionOf: (image: ImageData, model?: number) => PredictionData | null;
  /** Whether a model's prediction is correct; null if there is none. */
  readonly isCorrect: (image: ImageData, model?: number) => boolean | null;
  /** Probability of the predicted class, -1 if there is no prediction. */
  readonly confidence: (image: ImageData) => number;
  /** Probability of the true class, of findings the least that a known one has; -1 if there is no prediction. */
  readonly trueClassProbability: (image: ImageData, model?: number) => number;
  /** The model's map of the chosen kind for the chosen class, or for another class if there is none. */
  readonly mapOf: (image: ImageData, model?: number) => MapData | undefined;
  /** The prediction in a few words. */
  readonly verdict: (image: ImageData, model?: number) => string;
  /** Puts a model's map and the mask over the image in `inside`. */
  readonly overlay: (inside: Element, image: ImageData, model?: number) => void;
}

/** The images of the page as its controls show them; read on each call, so always current. */
export function createSelection(data: GalleryData): GallerySelection {
  const { classes, models, images } = data;
  const layersOfModels = models.map((_, index) => {
    const layers = images.flatMap(({ predictions }) =>
      (predictions[index]?.maps ?? []).map(({ layer }) => layer),
    );
    return [...new Set(layers)].sort((a, b) => a - b);
  });

  const selection: GallerySelection = {
    ...data,
    model: () => Number(control('model').value),

    layerOf(model) {
      const chosen = Number(control('layer').value);
      const layers = layersOfModels[model];
      return layers.includes(chosen) ? chosen : (layers[0] ?? -1);
    },

    predictionOf: (image, model = selection.model()) => image.predictions[model],

    isCorrect(image, model) {
      const prediction = selection.predictionOf(image, model);
      return prediction && isRight(image, prediction);
    },

    confidence(image) {
      const prediction = selection.predictionOf(image);
      return prediction ? prediction.probabilities[prediction.predicted] : -1;
    },

    trueClassProbability(image, model) {
      const prediction = selection.predictionOf(image, model);
      return prediction === null ? -1 : truthProbability(image, prediction);
    },

    mapOf(image, model = selection.model()) {
      const prediction = selection.predictionOf(image, model);
      const layer = selection.layerOf(model);
      const maps = prediction?.maps.filter((map) => map.layer === layer) ?? [];
      const { value: target } = control('target');
      const index =
        target === 'truth'
          ? trueIndex(image)
          : target === 'predicted'
            ? prediction?.predicted
            : Number(target);
      return maps.find((map) => map.class === index) ?? maps[0];
    },

    verdict(image, model) {
      const prediction = selection.predictionOf(image, model);
      if (prediction === null) return 'not explained';
      if (image.findings !== undefined)
        return findingsVerdict(classes, image.findings, prediction.probabilities);
      const { predicted, probabilities } = prediction;
      const text = `${classes[predicted]}, ${formatProbability(probabilities[predicted])}`;
      return predicted === image.label
        ? `✓ ${text}`
        : `✗ ${text}; true class: ${classes[image.label]}`;
    },

    overlay(inside, image, model) {
      const map = selection.mapOf(image, model);
      const overlay = part(inside, 'map');
      overlay.hidden = map === undefined;
      if (map !== undefined) overlay.src = map.source;
      const mask = inside.querySelector<HTMLImageElement>('.mask');
      if (mask !== null) mask.hidden = !control('mask').checked;
    },
  };
  return selection;
}

/** Probability from which a finding is called present. */
const THRESHOLD = 0.5;

/** Whether the class, or every finding that is known, is predicted correctly. */
function isRight({ label, findings }: ImageData, prediction: PredictionData): boolean {
  if (findings === undefined) return prediction.predicted === label;
  return findings.every(
    (truth, f) => truth < 0 || prediction.probabilities[f] >= THRESHOLD === (truth === 1),
  );
}

function truthProbability({ label, findings }: ImageData, prediction: PredictionData): number {
  if (findings === undefined) return prediction.probabilities[label];
  const ofTruths = prediction.probabilities.flatMap((probability, f) =>
    findings[f] < 0 ? [] : [findings[f] === 1 ? probability : 1 - probability],
  );
  return Math.min(1, ...ofTruths);
}

/** Index of the true class, or of the first true finding. */
const trueIndex = ({ label, findings }: ImageData): number => findings?.indexOf(1) ?? label;

/** Whether an image belongs to a class, or shows a finding. */
export const hasTruth = ({ label, findings }: ImageData, index: number): boolean =>
  findings === undefined ? label === index : findings[index] === 1;

/** The findings that are called present, and those that are there but are not called, or called but not there. */
export function findingsVerdict(
  names: readonly string[],
  findings: readonly number[],
  probabilities: readonly number[],
): string {
  const select = (includes: (f: number) => boolean): number[] =>
    names.flatMap((_, f) => (includes(f) ? [f] : []));
  const list = (chosen: readonly number[]): string =>
    chosen.map((f) => `${names[f]} ${formatProbability(probabilities[f])}`).join(', ');
  const called = (f: number): boolean => probabilities[f] >= THRESHOLD;
  const found = select((f) => called(f) && findings[f] !== 0);
  const wrong = select((f) => called(f) && findings[f] === 0);
  const missed = select((f) => !called(f) && findings[f] === 1);
  const parts = [
    list(found) || (wrong.length === 0 ? 'no finding' : ''),
    wrong.length > 0 ? `false alarm: ${list(wrong)}` : '',
    missed.length > 0 ? `missed: ${list(missed)}` : '',
  ];
  const mark = wrong.length + missed.length === 0 ? '✓' : '✗';
  return `${mark} ${parts.filter((part) => part !== '').join('; ')}`;
}

/** A control of the gallery by the end of its id. */
export const control = (name: string): HTMLInputElement =>
  document.getElementById(`gallery-${name}`) as HTMLInputElement;

/** The image, map, mask or text of a card or view, by its class. */
export const part = (inside: Element, name: string): HTMLImageElement =>
  inside.querySelector(`.${name}`)!;

/** In percent; one decimal near 0 and 1. */
export const formatProbability = (value: number): string =>
  `${(100 * value).toFixed(value > 0.995 || value < 0.005 ? 1 : 0)}\u00a0%`;
