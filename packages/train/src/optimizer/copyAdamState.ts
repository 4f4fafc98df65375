import { copyWeights } from '../weights/copyWeights.js';
import type { AdamState, Optimizer } from './optimizer.js';

/** A copy of what an optimiser remembers. */
export async function copyAdamState(optimizer: Optimizer): Promise<AdamState> {
  const { step, first, second } = optimizer.state();
  return { step, first: await copyWeights(first), second: await copyWeights(second) };
}
