import type { EngineInfo } from '../engineInfo.js';
import { loadWasm } from './loadWasm.js';
import { tfjs } from './tfjs.js';

/** Sets the wasm backend and describes it. */
export async function startWasm(reason: string): Promise<EngineInfo> {
  const { version, simd } = await loadWasm();
  return {
    engine: 'wasm',
    reason: simd
      ? reason
      : `${reason} (without SIMD: this Node lacks it, which makes it slower still)`,
    backend: 'wasm',
    device: 'cpu',
    threads: 1,
    oneDnn: false,
    versions: { node: process.versions.node, tfjs: tfjs().version.tfjs, wasm: version },
  };
}
