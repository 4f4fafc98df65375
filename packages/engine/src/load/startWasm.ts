import { createRequire } from 'node:module';
import type * as WasmBackend from '@tensorflow/tfjs-backend-wasm';
import type { EngineInfo } from '../engineInfo.js';
import { registerFileHandlers, tfjs } from './tfjs.js';
import { registerWasmGradients } from './wasmGradients.js';

const require = createRequire(import.meta.url);

/** Registers and activates the backend `wasm`, which runs on one thread under Node, and describes it. */
export async function startWasm(reason: string): Promise<EngineInfo> {
  const { version_wasm: wasm } = require('@tensorflow/tfjs-backend-wasm') as typeof WasmBackend;
  const tf = tfjs();
  if (!(await tf.setBackend('wasm'))) throw new Error('tfjs could not start the backend "wasm"');
  registerWasmGradients();
  registerFileHandlers();
  const simd = (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) as boolean;
  return {
    engine: 'wasm',
    reason: simd ? reason : `${reason} (without SIMD, which this Node lacks, it is even slower)`,
    backend: 'wasm',
    device: 'cpu',
    threads: 1,
    oneDnn: false,
    versions: { node: process.versions.node, tfjs: tf.version_core, wasm },
  };
}
