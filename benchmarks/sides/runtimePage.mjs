// A runtime of runtimes.mjs in a browser: bundled, and called in the page.
import { applyNetwork, loadNetwork } from '@nonlocal-med/classifier';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { measureNetwork } from '../src/measureNetwork.mjs';

import '@tensorflow/tfjs-backend-webgl';

globalThis.run = async (backend) => {
  setWasmPaths('/wasm/');
  await tf.setBackend(backend);
  const example = await (await fetch('/example.json')).json();
  const read = async (name) => {
    const response = await fetch(`/model/${name}`);
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
  };
  const network = await loadNetwork({ read, place: '/model/' });
  return measureNetwork(async (values) => (await applyNetwork(network, values)).logits, example);
};
