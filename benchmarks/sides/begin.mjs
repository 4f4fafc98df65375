import { createRequire } from 'node:module';
import { openKernelTable, useEngine } from '@nonlocal-med/engine';
import { matMul, setKernelChoices } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import { input } from './serve.mjs';

const { version } = createRequire(import.meta.url)('@nonlocal-med/tensor/package.json');

/** Selects the compute backend and its kernels as the apps do. @returns the facts for the first line */
export async function begin() {
  const engine = await useEngine({
    backend: process.env.BENCH_ENGINE ?? 'auto',
    ...(process.env.BENCH_ENGINE === 'wasm' ? {} : { threads: input.threads }),
  });
  const shared = input.kernels === 'measured' ? openKernelTable(engine, version) : null;
  setKernelChoices({}, { measure: shared !== null, shared });
  return {
    engine: engine.tensorflow === undefined ? engine.engine : `TensorFlow ${engine.tensorflow}`,
    device: engine.device,
    threads: engine.threads,
    oneDnn: engine.oneDnn,
  };
}

/** Highest speed over several products of square matrices, in GFLOP/s: the practical limit of this machine. */
export function matrixProductPeak() {
  const [a, b] = [tf.randomNormal([2048, 2048]), tf.randomNormal([2048, 2048])];
  const once = () => {
    const start = performance.now();
    const product = matMul(a, b);
    product.dataSync();
    const elapsed = performance.now() - start;
    product.dispose();
    return elapsed;
  };
  const fastest = Math.min(...Array.from({ length: 8 }, once));
  tf.dispose([a, b]);
  return { peak: (2 * 2048 ** 3) / fastest / 1e6 };
}
