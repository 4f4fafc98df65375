import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { BuildOptions } from '../backbones/backbone.js';
import { Linear, TorchFlatten } from '../layers/linear.js';
import { GlobalAveragePooling } from '../layers/pooling.js';
import { sequential } from '../layers/sequential.js';

/** The backbone with a classifier, as torchvision has it. */
export function plainClassifier(image: SymbolicTensor, options: BuildOptions): SymbolicTensor {
  return classificationHead(options.backbone(image, options).last, options);
}

/** From the last feature map to logits, [B, H, W, C] -> [B, classes]: global mean or flattening, then `fc`. */
export function classificationHead(
  x: SymbolicTensor,
  { head, classes, seed }: BuildOptions,
): SymbolicTensor {
  const reduction =
    head === 'flatten'
      ? new TorchFlatten({ name: 'flatten' })
      : new GlobalAveragePooling({ name: 'gap' });
  return sequential(x, reduction, new Linear({ name: 'fc', units: classes, seed }));
}
