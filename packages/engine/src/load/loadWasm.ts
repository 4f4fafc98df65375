import { createRequire } from 'node:module';
import type * as WasmBackend from '@tensorflow/tfjs-backend-wasm';
import { registerFileHandlers } from './registerFileHandlers.js';
import { tfjs } from './tfjs.js';

const require = createRequire(import.meta.url);

/** Registers and sets the backend `wasm`. Under Node it runs on one thread. */
export async function loadWasm(): Promise<{ version: string; simd: boolean }> {
  const wasm = require('@tensorflow/tfjs-backend-wasm') as typeof WasmBackend;
  const tf = tfjs();
  if (!(await tf.setBackend('wasm'))) throw new Error('tfjs could not start the backend "wasm"');
  registerFileHandlers();
  return {
    version: wasm.version_wasm,
    simd: (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) as boolean,
  };
}
