import { count } from '@nonlocal-med/core';
import type { ProgressListener } from '@nonlocal-med/pipeline';

/** Training images below which pretrained weights usually give better results than random ones. */
const FEW_IMAGES = 5000;

/** A display of a training from random weights that suggests pretrained ones when there are few images. */
export function suggestWeights(display: ProgressListener): ProgressListener {
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
