/** Bundled and run in a browser by browser.test.ts. */
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import {
  type Classification,
  type Classifier,
  loadClassifier,
  type SelfTestResult,
} from '../index.js';
import { size, testImage } from './testImage.js';

import '@tensorflow/tfjs-backend-webgl';

/** What to compute in the page. */
export interface PageTask {
  readonly backend: 'wasm' | 'webgl';
  /** Compute with 16-bit textures, as phones do. */
  readonly half?: boolean;
  /** Address of the model. */
  readonly model: string;
  readonly seeds: readonly number[];
}

/** What was computed. */
export interface PageResult extends Pick<Classifier, 'backend' | 'warnings'> {
  readonly results: readonly (Omit<Classification, 'maps'> & { readonly map: number[] })[];
  readonly selfTest: SelfTestResult;
  /** Tensors that were left over. */
  readonly leaked: number;
}

async function run({ backend, half = false, model, seeds }: PageTask): Promise<PageResult> {
  setWasmPaths('/wasm/');
  tf.env().set('WEBGL_FORCE_F16_TEXTURES', half);
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const classifier = await loadClassifier(model);
  const results: PageResult['results'][number][] = [];
  for (const seed of seeds) {
    const { width, height } = size;
    const image = new ImageData(testImage(seed), width, height);
    const { maps, ...result } = await classifier.classify(image, { explain: true });
    results.push({ ...result, map: [...maps[0].values] });
  }
  const selfTest = await classifier.selfTest();
  const { backend: used, warnings } = classifier;
  classifier.dispose();
  return { backend: used, warnings, results, selfTest, leaked: tf.memory().numTensors - before };
}

(globalThis as { run?: typeof run }).run = run;
