import type { SymbolicTensor } from '@tensorflow/tfjs-layers';

/** One piece of a backbone: where it ends (`conv1`, `stem`, `layer2.1`, `stage3.0`, ...), and what it does. */
export interface Step {
  readonly position: string;
  readonly apply: (x: SymbolicTensor) => SymbolicTensor;
}
