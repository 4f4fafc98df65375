import { count } from '@nonlocal-med/core';
import type { ProgressListener, RunConfig } from '@nonlocal-med/pipeline';

/** Training images below which pretrained weights usually give better results than random ones. */
const FEW_IMAGES = 5000;

/** A display of a training that suggests pretrained weights when {@link weightsAdvice} has reason to. */
export function suggestWeights(display: ProgressListener, config: RunConfig): ProgressListener {
  return {
    ...display,
    onEvent(event) {
      display.onEvent?.(event);
      if (event.type !== 'start') return;
      for (const advice of weightsAdvice(config, event.samples)) display.onNote?.(advice);
    },
  };
}

/**
 * The suggestion of pretrained weights, for a training from random ones on few images; none for the built-in images, which
 * random weights learn.
 */
export function weightsAdvice({ model, data }: RunConfig, images: number): string[] {
  if (model.weights !== undefined || data.kind === 'tiny-lesions' || images >= FEW_IMAGES)
    return [];
  return [
    `The model starts from random weights. With ${count(images, 'training image')}, pretrained weights usually give better results: --weights imagenet downloads them once, --weights FILE reads them.`,
  ];
}
