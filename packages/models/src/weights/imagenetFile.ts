import { backboneName, modelRegistry, splitModelName } from '../modelRegistry.js';

/** A published weight file of torchvision. */
export interface ImagenetFile {
  readonly url: string;
  /** First digits of its SHA-256, which torchvision puts into the name. */
  readonly sha256Prefix: string;
}

/**
 * The ImageNet weights for the backbone of a model.
 * @param width width of ShuffleNetV2
 * @throws InputError when the name is unknown.
 */
export function imagenetFile(name: string, width = 1): ImagenetFile {
  const plainName = splitModelName(name).name;
  modelRegistry.get(plainName);
  const backbone = backboneName(plainName);
  return imagenetFiles[backbone === 'shufflenetv2' ? `shufflenetv2 x${width}` : backbone];
}

/**
 * torchvision's ImageNet classification weights (`*_Weights.IMAGENET1K_V1`; torchvision/models/resnet.py and
 * shufflenetv2.py, version 0.29) by backbone and width.
 */
const imagenetFiles: Readonly<Record<string, ImagenetFile>> = {
  resnet18: {
    url: 'https://download.pytorch.org/models/resnet18-f37072fd.pth',
    sha256Prefix: 'f37072fd',
  },
  'shufflenetv2 x0.5': {
    url: 'https://download.pytorch.org/models/shufflenetv2_x0.5-f707e7126e.pth',
    sha256Prefix: 'f707e7126e',
  },
  'shufflenetv2 x1': {
    url: 'https://download.pytorch.org/models/shufflenetv2_x1-5666bf0f80.pth',
    sha256Prefix: '5666bf0f80',
  },
  'shufflenetv2 x1.5': {
    url: 'https://download.pytorch.org/models/shufflenetv2_x1_5-3c479a10.pth',
    sha256Prefix: '3c479a10',
  },
  'shufflenetv2 x2': {
    url: 'https://download.pytorch.org/models/shufflenetv2_x2_0-8be3c8ee.pth',
    sha256Prefix: '8be3c8ee',
  },
};
