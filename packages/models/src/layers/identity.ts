import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

/** Gives a feature map a name of its own. */
export class Identity extends tfl.layers.Layer {
  static className = 'NonLocalMedIdentity';
}
tf.serialization.registerClass(Identity);
