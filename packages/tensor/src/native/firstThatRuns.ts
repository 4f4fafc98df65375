import * as tf from '@tensorflow/tfjs-core';
import type { KernelCandidates } from './kernelCandidates.js';

/** The most preferred kernel that does not refuse. @throws what the last one threw where all do. */
export function firstThatRuns(candidates: KernelCandidates): string {
  let issue: unknown;
  for (const [name, run] of Object.entries(candidates)) {
    try {
      tf.tidy(() => void run());
      return name;
    } catch (error) {
      issue = error;
    }
  }
  throw issue;
}
