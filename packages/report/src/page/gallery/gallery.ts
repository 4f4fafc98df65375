import type { WeightsChoice } from '@nonlocal-med/runs';
import type { PageModel } from '../pageModel.js';
import type { GalleryImage } from './galleryImage.js';

/** The explained images of a page. */
export interface Gallery {
  /** Models with explanations; entries of an image are in this order. */
  readonly models: readonly {
    readonly model: PageModel;
    readonly weights: WeightsChoice;
    readonly place: string;
  }[];
  /** Repeat that all of it is about. */
  readonly repeat: number;
  readonly classes: readonly string[];
  readonly layers: readonly string[];
  readonly images: readonly GalleryImage[];
}
