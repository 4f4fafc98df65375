/** A weight file of torchvision: where it is, and the start of its SHA-256, which torchvision puts into the name. */
export interface ImagenetFile {
  readonly url: string;
  readonly sha256Prefix: string;
}

/**
 * torchvision's ImageNet classification weights (`*_Weights.IMAGENET1K_V1`; torchvision/models/resnet.py and
 * shufflenetv2.py, version 0.29) by backbone and width.
 */
export const imagenetFiles: Readonly<Record<string, ImagenetFile>> = {
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
