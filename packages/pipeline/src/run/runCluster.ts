import { createHash } from 'node:crypto';
import { InputError } from '@nonlocal-med/core';
import { type Cluster, type EngineOptions, joinedCluster } from '@nonlocal-med/engine';
import { modelWeights } from '@nonlocal-med/tensor';
import { requireAgreement } from '@nonlocal-med/train';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { omitKeys } from '../config/mergeOptions.js';
import type { RunConfig } from '../config/runConfigSchema.js';
import type { RunData } from '../data/runData.js';
import type { LoadedWeights } from './createRunModel.js';
import { versions } from './describeEnvironment.js';
import type { ProgressListener } from './progressListener.js';

/** The processes that train one run together, and which of them this one is. */
export interface RunCluster {
  /** `host:port` of every member, in the same order for all. */
  readonly members: readonly string[];
  /** Index of this process. Member 0 writes the folder of the run. */
  readonly member: number;
  /** Threads of this process, unless `engine.threads` says otherwise; default: one per core. */
  readonly threads?: number;
}

/** Seconds in which all members must have started. */
const START_SECONDS = 180;

/** The options of the engine for a member of a cluster, or for a process that trains alone. */
export const memberEngine = (
  engine: RunConfig['engine'],
  cluster: RunCluster | undefined,
): EngineOptions =>
  cluster === undefined
    ? engine
    : {
        ...engine,
        threads: engine.threads ?? cluster.threads,
        cluster: { members: cluster.members, member: cluster.member },
      };

/**
 * Waits for the other members of the cluster that the engine has joined, and says to whom its members listen.
 * @returns undefined for a process that trains alone
 * @throws LostMemberError if one does not start.
 */
export async function meetMembers(
  wanted: RunCluster | undefined,
  { signal, onNote }: ProgressListener & { readonly signal?: AbortSignal },
): Promise<Cluster | undefined> {
  const cluster = wanted && joinedCluster();
  if (cluster === undefined) return undefined;
  onNote?.(
    `${cluster.members.length} processes train together. They listen without authentication, ${cluster.thisMachineOnly ? 'to all users of this machine, not to the network' : 'on all network interfaces: for networks on which everybody is trusted'} (docs/distributed.md).`,
  );
  await cluster.ready({ seconds: START_SECONDS, signal });
  return cluster;
}

/**
 * Makes sure that a batch has enough images for all members.
 * @returns notes for the record of the run
 * @throws InputError with the smallest batch size.
 */
export function settleParts(
  { training: { batchSize, synchronizedBatchNorm }, engine: { graph } }: RunConfig,
  model: LayersModel,
  cluster: Cluster | undefined,
): string[] {
  if (cluster === undefined)
    return synchronizedBatchNorm
      ? ['training.synchronizedBatchNorm changes nothing on one process.']
      : [];
  const processes = cluster.members.length;
  const normalizes =
    !synchronizedBatchNorm && modelWeights(model).some(({ key }) => key.endsWith('running_mean'));
  const smallest = processes * (normalizes ? 2 : 1);
  if (batchSize < smallest)
    throw new InputError({
      path: 'training.batchSize',
      message: `is ${batchSize}, for ${processes} processes that each train on a part of it`,
      hint: `at least ${smallest} (--batch)${normalizes ? ', two images per process for batch normalization (one with --sync-batch-norm)' : ''}, or fewer processes`,
    });
  return synchronizedBatchNorm
    ? [
        `Batch normalization is synchronized between ${processes} processes${graph ? ', so that steps run as single operations instead of graphs' : ''}.`,
      ]
    : [];
}

/** What decides the results of a run besides the program: compared between the members. */
interface RunFacts {
  readonly config: RunConfig;
  readonly data: RunData;
  /** The file of pre-trained weights, if any. */
  readonly pretrained?: LoadedWeights;
}

/**
 * Compares versions, images and options of all members, before anything is written.
 * @throws InputError on every member, with what differs.
 */
export async function requireSameRun(
  cluster: Cluster | undefined,
  { config, data: { dataset, split }, pretrained }: RunFacts,
): Promise<void> {
  if (cluster === undefined) return;
  const order = createHash('sha256');
  for (const { id, label, findings } of split.train)
    order.update(JSON.stringify([id, label, findings]));
  const { preprocessing, augmentation, training, seed } = config;
  await requireAgreement(cluster, {
    versions: omitKeys(versions(), 'node'),
    images: {
      fingerprint: dataset.fingerprint,
      count: dataset.samples.length,
      training: split.train.length,
      trainingSet: order.digest('hex').slice(0, 16),
    },
    classes: dataset.classes,
    model: omitKeys(config.model, 'weights'),
    weights: pretrained?.sha256,
    preprocessing,
    augmentation,
    training,
    seed,
  });
}
