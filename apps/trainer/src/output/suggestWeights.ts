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
      if (event.type === 'start' && event.samples < FEW_IMAGES)
        display.onNote?.(
          `The model starts from random weights. With ${count(event.samples, 'training image')}, pretrained weights usually give better results: --weights imagenet downloads them once, --weights FILE reads them.`,
        );
    },
  };
}
