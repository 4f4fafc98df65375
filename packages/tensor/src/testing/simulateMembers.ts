import * as tf from '@tensorflow/tfjs-core';
import type { NormalizationGroup } from '../operations/synchronizedBatchNorm.js';

/** A member needs a sum that is not known yet. */
class Pending extends Error {}

/**
 * What the members of a group compute, in one process: every member is computed up to its first sum over the members, then
 * again up to the second one, and so on.
 * @param compute returns values, and has no state
 */
export function simulateMembers<Result>(
  members: number,
  compute: (group: NormalizationGroup) => Result,
): Result[] {
  const sums: Float32Array[] = [];
  for (;;) {
    const terms: Float32Array[] = [];
    const results: Result[] = [];
    for (let member = 0; member < members; member++) {
      let calls = 0;
      const sum = (tensor: tf.Tensor): tf.Tensor => {
        const known = sums.at(calls++);
        if (known !== undefined) return tf.tensor(known, tensor.shape);
        terms.push(tensor.dataSync<'float32'>().slice());
        throw new Pending();
      };
      try {
        results.push(compute({ members, member, sum }));
      } catch (error) {
        if (!(error instanceof Pending)) throw error;
      }
    }
    if (results.length === members) return results;
    if (terms.length < members) throw new Error('The members do not make the same calls.');
    sums.push(
      terms[0].map((_, index) => terms.reduce((total, values) => total + values[index], 0)),
    );
  }
}
