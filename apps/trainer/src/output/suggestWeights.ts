import { count } from '@nonlocal-med/core';
import type { ProgressListener, RunConfig } from '@nonlocal-med/pipeline';

/** Training images below which pretrained weights usually give better results than random ones. */
const FEW_IMAGES = 5000;

/**
 * A display of a training that suggests pretrained weights if it starts from random ones on few images; not for the built-in
 * images, which random weights learn.
 */
export function suggestWeights(
  display: ProgressListener,
  { model, data }: Pick<RunConfig, 'model' | 'data'>,
): ProgressListener {
  if (model.weights !== undefined || data.kind === 'tiny-lesions') return display;
  return {
    ...display,
    onEvent(event) {
      display.onEvent?.(event);
      const advice = event.type === 'start' ? weightsAdvice(event.samples) : null;
      if (advice !== null) display.onNote?.(advice);
    },
  };
}

/** The suggestion for a training from random weights; null with so many images that they hardly matter. */
export const weightsAdvice = (images: number): string | null =>
  images < FEW_IMAGES
    ? `The model starts from random weights. With ${count(images, 'training image')}, pretrained weights usually give better results: --weights imagenet downloads them once, --weights FILE reads them.`
    : null;
