import { createHash } from 'node:crypto';
import type { BatchSource } from '@nonlocal-med/core';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Phases } from '../loop/phases.js';
import {
  type ComputedStep,
  type NumberedBatch,
  type StepPlan,
  sumGradients,
} from '../loop/stepGradients.js';
import { namedWeights } from '../weights.js';
import { gatherTexts, leaveTogether, shareValue, type TrainingCluster } from './exchange.js';
import { synchronizedGradients } from './synchronizedGradients.js';

/** Steps between two comparisons of all weights. */
export const COMPARED_EVERY_STEPS = 100;

/** What a training does together with the other members. All decisions come from numbers that all of them share. */
export interface MemberTraining {
  /** Whether this member writes the run's folder, validates and decides. */
  readonly writes: boolean;
  /** A number for the random layers, so that the members' parts do not get the same masks; 0 for member 0. */
  readonly seedOffset: number;
  /**
   * Loss, gradients and running statistics of the whole batches of a step.
   * @param parts this member's parts of them, which may be empty
   */
  step(parts: AsyncIterable<NumberedBatch>): Promise<ComputedStep>;
  /** Whether a member was asked to stop, as of the last exchange: the same answer for all. */
  stopping(): boolean;
  /** A value of member 0; if it was asked to stop meanwhile, all stop. */
  share<T>(value: T): Promise<T>;
  /** Gives all members the weights of member 0. */
  shareWeights(): void;
  /**
   * Compares all weights, running statistics included, bit for bit.
   * @throws Error on every member if they differ.
   */
  compareWeights(step: number): Promise<void>;
  leave(): Promise<void>;
  dispose(): void;
}

/** What {@link openMemberTraining} needs. */
export interface MemberContext {
  readonly model: LayersModel;
  readonly phases: Pick<Phases, 'current'>;
  readonly plan: StepPlan;
  /** The training set. */
  readonly source: Pick<BatchSource, 'task' | 'classes'>;
  /** Whether batch normalization has the statistics of the parts of all members. */
  readonly synchronized: boolean;
  readonly signal?: AbortSignal;
}

/** The part of a member in a training; see {@link MemberTraining}. */
export function openMemberTraining(
  cluster: TrainingCluster,
  { model, phases, plan, source, synchronized, signal }: MemberContext,
): MemberTraining {
  const all = namedWeights(model).map(({ variable }) => variable);
  let stop = false;
  let phase = phases.current;
  /** Running statistics as of the last exchange: those of a step that fails are put back. */
  let settled = readVector(phase.statistics);
  /** A new phase has other weights and other statistics. */
  const enterPhase = (): void => {
    if (phase === phases.current) return;
    settled.dispose();
    phase = phases.current;
    settled = readVector(phase.statistics);
  };

  /**
   * Gradients, running statistics and four numbers in one vector, each weighted by this member's share. Synchronized layers have
   * the same statistics on all members already, of which the mean is the same again; other layers may not.
   */
  const contribution = async (
    parts: AsyncIterable<NumberedBatch>,
  ): Promise<{ vector: tf.Tensor1D; withoutGradient: readonly string[] }> => {
    enterPhase();
    const own = synchronized
      ? await synchronizedGradients(parts, { cluster, plan, source })
      : await sumGradients(parts, plan);
    const wantsStop = signal?.aborted === true ? 1 : 0;
    if (own === undefined) {
      const size = phase.weights.reduce((sum, { variable }) => sum + variable.size, 0);
      const empty = size + settled.size + 4;
      const values = new Float32Array(empty);
      values[empty - 2] = wantsStop;
      return { vector: tf.tensor1d(values), withoutGradient: [] };
    }
    const { weight, images } = own;
    const factor = synchronized ? 1 : weight; // sums already, or means
    const vector = tf.tidy(() =>
      tf.concat([
        ...own.gradients.map((gradient) => tf.mul(tf.reshape(gradient, [-1]), factor)),
        // As changes, so that statistics that are frozen stay as they are, bit for bit.
        tf.mul(tf.sub(readVector(phase.statistics), settled), images),
        tf.mul(tf.reshape(own.loss, [1]), factor),
        tf.tensor1d([weight, wantsStop, images]),
      ]),
    ) as tf.Tensor1D;
    tf.dispose([own.loss, ...own.gradients]);
    return { vector, withoutGradient: own.withoutGradient };
  };

  return {
    writes: cluster.member === 0,
    seedOffset: (cluster.member * 0x9e3779b9) >>> 0,
    async step(parts) {
      let sum: tf.Tensor1D;
      let withoutGradient: readonly string[];
      try {
        const own = await contribution(parts);
        ({ withoutGradient } = own);
        try {
          sum = cluster.sum(own.vector) as tf.Tensor1D;
        } finally {
          own.vector.dispose();
        }
      } catch (error) {
        writeVector(phase.statistics, settled);
        throw error;
      }
      const tail = tf.slice1d(sum, sum.size - 4, 4);
      const [lossSum, weight, stops, images] = await tail.data<'float32'>();
      const divisor = weight === 0 ? 1 : weight; // no label of the batch is known: all gradients are 0
      const pieces = tf.tidy(() => {
        const { weights } = phase;
        const sizes = weights.map(({ variable }) => variable.size);
        const parts = tf.split(sum, [...sizes, settled.size, 4]);
        return [
          ...weights.map(({ variable }, index) =>
            tf.div(tf.reshape(parts[index], variable.shape), divisor),
          ),
          tf.add(settled, tf.div(parts[sizes.length], images)),
        ];
      });
      tf.dispose([sum, tail, settled]);
      settled = pieces.pop() as tf.Tensor1D;
      writeVector(phase.statistics, settled);
      stop ||= stops > 0;
      return { loss: lossSum / divisor, weight, gradients: pieces, withoutGradient };
    },
    stopping: () => stop,
    async share(value) {
      const shared = await shareValue(cluster, { value, stops: signal?.aborted === true });
      stop ||= shared.stops;
      return shared.value;
    },
    shareWeights() {
      const values = readVector(all);
      const received = cluster.broadcast(values) as tf.Tensor1D;
      writeVector(all, received);
      tf.dispose([values, received, settled]);
      settled = readVector(phase.statistics);
    },
    async compareWeights(step) {
      const hash = createHash('sha256');
      for (const variable of all) {
        const data = await variable.data<'float32'>();
        hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      }
      const [first, ...others] = await gatherTexts(cluster, hash.digest('hex'));
      const different = others.flatMap((other, index) => (other === first ? [] : [index + 1]));
      if (different.length === 0) return;
      await leaveTogether(cluster);
      throw new Error(
        `After step ${step} the weights of ${different.map((index) => `member ${index} (${cluster.members[index]})`).join(', ')} are not those of member 0, bit for bit: a layer that is random without a seed, a processor that rounds differently, or defective memory. Resume from the last checkpoint, without that member.`,
      );
    },
    leave: () => leaveTogether(cluster),
    dispose: () => settled.dispose(),
  };
}

/** All values of variables, one after the other. */
const readVector = (variables: readonly tf.Variable[]): tf.Tensor1D =>
  variables.length === 0
    ? tf.tensor1d([])
    : tf.tidy(() => tf.concat(variables.map((variable) => tf.reshape(variable, [-1]))));

/** Puts the values of {@link readVector} into variables. */
function writeVector(variables: readonly tf.Variable[], vector: tf.Tensor1D): void {
  if (variables.length === 0) return;
  tf.tidy(() =>
    tf
      .split(
        vector,
        variables.map(({ size }) => size),
      )
      .forEach((values, index) =>
        variables[index].assign(tf.reshape(values, variables[index].shape)),
      ),
  );
}
