import type { SelfTestResult } from '@nonlocal-med/classifier';
import { loadClassifier } from '@nonlocal-med/classifier/browser';
import { InputError, UnavailableError } from '@nonlocal-med/core';
import { setCodecBinaries } from '@nonlocal-med/data/browser';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { takeFile } from './embedded.js';

/** The classifier of the page. */
export type PageClassifier = Awaited<ReturnType<typeof loadClassifier>>;

/** A model that is ready, and how it computes here. */
export interface StartedModel {
  readonly classifier: PageClassifier;
  readonly selfTest: SelfTestResult;
}

/** Loads the model in the page on WebAssembly in the page, and tests it. @throws UnavailableError if this browser cannot run it */
export async function startModel(): Promise<StartedModel> {
  const [charls, openjpeg, openjph] = (['charls', 'openjpeg', 'openjph'] as const).map(required);
  setCodecBinaries({ charls, openjpeg, openjph });
  await startTensors(required('tensors'));
  const classifier = await loadClassifier((name) => Promise.resolve(takeFile(name)));
  return { classifier, selfTest: await classifier.selfTest() };
}

function required(name: string): Uint8Array<ArrayBuffer> {
  const bytes = takeFile(name);
  if (bytes === null)
    throw new InputError({
      path: name,
      message: `the page is incomplete: ${name} is missing`,
      hint: 'a whole page, as eval viewer writes it',
    });
  return bytes;
}

/** TF.js on WebAssembly, with a module that is here already: the page may fetch nothing. */
async function startTensors(binary: Uint8Array<ArrayBuffer>): Promise<void> {
  const environment = tf.env();
  if (!(await environment.getAsync('WASM_HAS_SIMD_SUPPORT')))
    throw new UnavailableError(
      'this browser is too old (it has no WebAssembly with SIMD). Use a current version of Chrome, Edge, Firefox or Safari.',
    );
  // Threads would need a second script.
  environment.set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  environment.platform.fetch = () => Promise.resolve(new Response(binary));
  const names = ['', '-simd', '-threaded-simd'].map((kind) => `tfjs-backend-wasm${kind}.wasm`);
  setWasmPaths(Object.fromEntries(names.map((name) => [name, name])), true);
  if (!(await tf.setBackend('wasm')))
    throw new UnavailableError(
      'this browser does not start WebAssembly. Use another browser, or allow WebAssembly for this page.',
    );
}
