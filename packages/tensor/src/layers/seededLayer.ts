import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { type InitialOptions, type InitialRule, initialTensor } from './initialTensor.js';

/** Options of every TF.js layer: `name`, `trainable`, ... */
export type LayerConfig = NonNullable<ConstructorParameters<typeof tfl.layers.Layer>[0]>;

/** Options of every layer with seeded weights. */
export type SeededLayerConfig = LayerConfig & {
  /** Seed of the initial weights, which also depend on the layer's name. `null` leaves them zero, to be loaded later. */
  readonly seed?: number | null;
};

/** How {@link SeededLayer.addSeededWeight} initializes a weight. */
export interface SeededWeightOptions {
  readonly initial: InitialRule;
  /** Number of inputs of one output; needed for `torch-uniform`. */
  readonly fanIn?: number;
  /** Number of outputs that one input contributes to; needed for `kaiming-normal`. */
  readonly fanOut?: number;
  /** False for running statistics. Default true. */
  readonly trainable?: boolean;
  /** Names of the weight's random stream; by default one stream per reference key, layer name + '.' + weight name. */
  readonly stream?: readonly string[];
}

/**
 * A layer whose initial weights depend only on its seed, its name and the names of the weights. `name` should be the
 * layer's name in PyTorch's `state_dict`, so that the weights get their reference keys.
 */
export abstract class SeededLayer extends tfl.layers.Layer {
  protected readonly seed: number | null;

  constructor(config: SeededLayerConfig) {
    super(config);
    this.seed = config.seed === undefined ? 0 : config.seed;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), seed: this.seed };
  }

  protected addSeededWeight(
    name: string,
    shape: number[],
    {
      initial,
      fanIn = 1,
      fanOut = 1,
      trainable = true,
      stream = ['initial', `${this.name}.${name}`],
    }: SeededWeightOptions,
  ): tfl.LayerVariable {
    const initializer = new SeededInitializer({
      rule: this.seed === null ? 0 : initial,
      fanIn,
      fanOut,
      seed: this.seed ?? 0,
      stream,
    });
    return this.addWeight(name, shape, 'float32', initializer, undefined, trainable);
  }
}

/** {@link initialTensor} as an initializer for `Layer.addWeight`; TF.js does not export the interface. */
class SeededInitializer extends tf.serialization.Serializable {
  static className = 'SeededInitializer';

  constructor(private readonly options: InitialOptions) {
    super();
  }

  fromConfigUsesCustomObjects(): boolean {
    return false;
  }

  apply(shape: number[]): tf.Tensor {
    return initialTensor(shape, this.options);
  }

  getConfig(): tf.serialization.ConfigDict {
    return { ...this.options, stream: [...this.options.stream] };
  }
}
