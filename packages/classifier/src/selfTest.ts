import { createRandom, type PixelData, type Pixels, type Preprocessing } from '@nonlocal-med/core';
import type { SelfTest } from '@nonlocal-med/runs/model';
import * as tf from '@tensorflow/tfjs-core';
import { applyNetwork, type NetworkOutput, prepareInput } from './applyNetwork.js';
import type { ExportedNetwork } from './exportedNetwork.js';

/** Probabilities may differ by this much between machines; 32-bit floating point differs by about 1e-6. */
const TOLERANCE = 1e-3;
/** And logits by this much of the largest one: probabilities near 0 and 1 hide differences. */
const LOGIT_TOLERANCE = 1e-2;

/** How the network of a classifier computes here, compared with the machine that exported it. */
export interface SelfTestResult {
  readonly passed: boolean;
  /** Largest difference of a probability. */
  readonly difference: number;
  /** Largest difference of a logit, relative to the largest logit (but at least to 1). */
  readonly logitDifference: number;
  /** The largest differences that pass. */
  readonly tolerance: { readonly difference: number; readonly logitDifference: number };
  /** TF.js backends that computed both. */
  readonly backends: { readonly recorded: string; readonly here: string };
  readonly expected: readonly number[];
  readonly found: readonly number[];
}

/** Makes the self-test of a network: its output for generated pixels, computed on the present backend. */
export async function createSelfTest(network: ExportedNetwork): Promise<SelfTest> {
  const size = { seed: 0, height: 96, width: 112 };
  const { logits, probabilities } = await outputOf(network, size);
  return { version: 1, ...size, backend: tf.getBackend(), logits, probabilities };
}

/** Computes the self-test of a network again and compares. */
export async function runSelfTest(
  network: ExportedNetwork,
  recorded: SelfTest,
): Promise<SelfTestResult> {
  const found = await outputOf(network, recorded);
  const largest = Math.max(1, ...recorded.logits.map(Math.abs));
  const difference = largestDifference(found.probabilities, recorded.probabilities);
  const logitDifference = largestDifference(found.logits, recorded.logits) / largest;
  return {
    passed: difference <= TOLERANCE && logitDifference <= LOGIT_TOLERANCE,
    difference,
    logitDifference,
    tolerance: { difference: TOLERANCE, logitDifference: LOGIT_TOLERANCE },
    backends: { recorded: recorded.backend, here: tf.getBackend() },
    expected: recorded.probabilities,
    found: found.probabilities,
  };
}

/** What a failed self-test says, as a clause that can begin a sentence or follow a colon. */
export function describeFailure({ difference, logitDifference, backends }: SelfTestResult): string {
  return `the self-test failed on the backend ${backends.here}: probabilities differ by up to ${difference.toPrecision(2)}, logits by ${logitDifference.toPrecision(2)} of the largest one, from those recorded with ${backends.recorded}`;
}

function outputOf(
  network: ExportedNetwork,
  size: Pick<SelfTest, 'seed' | 'height' | 'width'>,
): Promise<NetworkOutput> {
  return applyNetwork(network, prepareInput(testPixels(size, network.preprocessing), network));
}

const largestDifference = (a: readonly number[], b: readonly number[]): number =>
  a.length === b.length ? Math.max(...a.map((value, i) => Math.abs(value - b[i]))) : Infinity;

/** Blocks of 8 x 8 pixels in random colors with noise: levels as after decoding, the same on every machine. */
export function testPixels(
  { seed, height, width }: Pick<SelfTest, 'seed' | 'height' | 'width'>,
  { values }: Preprocessing,
): Pixels<PixelData> {
  const random = createRandom(seed, 'self-test');
  const across = Math.ceil(width / 8);
  const colors = Uint8Array.from({ length: across * Math.ceil(height / 8) * 3 }, () =>
    random.integer(224),
  );
  const levels = Uint8Array.from({ length: height * width * 3 }, (_, i) => {
    const [pixel, channel] = [Math.floor(i / 3), i % 3];
    const block = Math.floor(pixel / width / 8) * across + Math.floor((pixel % width) / 8);
    return colors[3 * block + channel] + random.integer(32);
  });
  const isEightBit = values === undefined || values === '8-bit';
  const data = isEightBit ? levels : Uint16Array.from(levels, (level) => level * 257);
  return { data, height, width, channels: 3 };
}
