import { linear } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { SeededLayer, type SeededLayerConfig } from './seededLayer.js';
import { channelsOf, singleInput, singleShape } from './shapes.js';

export type LinearConfig = SeededLayerConfig & { readonly units: number };

/** [B, in] -> [B, units]. Weights: weight [in, units], bias [units]; PyTorch's initialisation. */
export class Linear extends SeededLayer {
  static className = 'Linear';

  private readonly units: number;
  private weight!: tfl.LayerVariable;
  private bias!: tfl.LayerVariable;

  constructor(config: LinearConfig) {
    super(config);
    this.units = config.units;
  }

  override build(inputShape: tfl.Shape | tfl.Shape[]): void {
    const fanIn = channelsOf(inputShape);
    this.weight = this.addSeededWeight('weight', [fanIn, this.units], {
      initial: 'torch-uniform',
      fanIn,
    });
    this.bias = this.addSeededWeight('bias', [this.units], { initial: 'torch-uniform', fanIn });
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() =>
      linear(
        singleInput(inputs) as tf.Tensor as tf.Tensor2D,
        this.weight.read() as tf.Tensor2D,
        this.bias.read() as tf.Tensor1D,
      ),
    );
  }

  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    return [singleShape(inputShape)[0], this.units];
  }

  /** Multiply-adds an image. */
  operations(inputShape: tfl.Shape): number {
    return channelsOf(inputShape) * this.units;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), units: this.units };
  }
}
tf.serialization.registerClass(Linear);
