import { modelRegistry } from '../modelRegistry.js';
import { splitModelName } from '../splitModelName.js';
import { type ImagenetFile, imagenetFiles } from './imagenetFiles.js';

/**
 * The ImageNet weights that a model's backbone starts from.
 * @throws InputError when the name is unknown
 */
export function imagenetFile(name: string, width = 1): ImagenetFile {
  const plain = splitModelName(name).name;
  modelRegistry.get(plain);
  const backbone = plain.split('-')[0];
  return imagenetFiles[backbone === 'shufflenetv2' ? `shufflenetv2 x${width}` : backbone];
}
