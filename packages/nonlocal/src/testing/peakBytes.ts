import * as tf from '@tensorflow/tfjs-core';

/** Peak number of bytes in tensors that a function allocates while it runs. */
export function peakBytes(run: () => void): number {
  const engine = tf.engine() as unknown as { trackTensor: (...parameters: unknown[]) => void };
  const original = engine.trackTensor;
  const before = tf.memory().numBytes;
  let peak = before;
  engine.trackTensor = function (...parameters) {
    original.apply(this, parameters);
    peak = Math.max(peak, tf.memory().numBytes);
  };
  try {
    run();
  } finally {
    engine.trackTensor = original;
  }
  return peak - before;
}
