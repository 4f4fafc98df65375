import type * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import type { Fans, InitialRule } from './initialRule.js';
import { seededInitializer } from './seededInitializer.js';

/** What every layer of tfjs takes: `name`, `trainable`, ... */
export type LayerConfig = NonNullable<ConstructorParameters<typeof tfl.layers.Layer>[0]>;

/** Options of every layer with weights. */
export type SeededLayerConfig = LayerConfig & {
  /** Seed of the initial weights, which also depend on the layer's name; null leaves them zero, for a caller that fills them. */
  readonly seed?: number | null;
};

interface WeightOptions extends Partial<Fans> {
  readonly initial: InitialRule;
  readonly trainable?: boolean;
}

/** A layer whose weights start from streams named by their reference keys: layer name + '.' + weight name. */
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
    { initial, fanIn = 1, fanOut = 1, trainable = true }: WeightOptions,
  ): tfl.LayerVariable {
    const initializer = seededInitializer(this.seed === null ? 0 : initial, {
      fanIn,
      fanOut,
      seed: this.seed ?? 0,
      key: `${this.name}.${name}`,
    });
    return this.addWeight(name, shape, 'float32', initializer, undefined, trainable);
  }
}
