import {
  channelsOf,
  linear,
  SeededLayer,
  type SeededLayerConfig,
  singleInput,
  singleShape,
} from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

export type LinearConfig = SeededLayerConfig & { readonly units: number };

/** Linear layer, [B, in] -> [B, units]. Weights: weight [in, units], bias [units]; initialized as in PyTorch. */
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

  /** Multiply-adds per image. */
  operations(inputShape: tfl.Shape): number {
    return channelsOf(inputShape) * this.units;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), units: this.units };
  }
}
tf.serialization.registerClass(Linear);

/** [B, H, W, C] -> [B, C H W], channels first as PyTorch flattens, so that the weights of a following linear layer fit. */
export class TorchFlatten extends tfl.layers.Layer {
  static className = 'TorchFlatten';

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = singleInput(inputs);
      return tf.reshape(tf.transpose(x, [0, 3, 1, 2]), [x.shape[0], -1]);
    });
  }

  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    const [batch, height, width, channels] = singleShape(inputShape);
    if (height === null || width === null || channels === null)
      throw new RangeError(
        `TorchFlatten '${this.name}' needs a known height and width: give the model an inputSize.`,
      );
    return [batch, height * width * channels];
  }
}
tf.serialization.registerClass(TorchFlatten);
