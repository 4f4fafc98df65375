import { imagenetFile } from '../weights/imagenetFile.js';
import { type FetchedWeights, type FetchOptions, fetchWeightFile } from './fetchWeightFile.js';

export type FetchImagenetOptions = FetchOptions & {
  /** ShuffleNetV2's width. */
  readonly width?: number;
};

/**
 * torchvision's ImageNet weights for a model's backbone: downloaded once and kept, compared with the hash that
 * torchvision publishes in the file's name.
 * @param name one of `modelNames()`
 * @throws InputError when the name is unknown; UnavailableError in one line when there is no network, the file is not what
 * its name says, or the folder cannot be written
 */
export async function fetchImagenetWeights(
  name: string,
  { width, ...options }: FetchImagenetOptions = {},
): Promise<FetchedWeights> {
  return fetchWeightFile(imagenetFile(name, width), options);
}
