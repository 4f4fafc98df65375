import { setTimeout } from 'node:timers/promises';
import { InputError, type Issue, throwIssues } from '@nonlocal-med/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { tfjs } from '../load/tfjs.js';

/** The processes that compute together, and which of them this one is. */
export interface ClusterOptions {
  /** `host:port` of every member, in the same order for all of them. */
  readonly members: readonly string[];
  /** Index of this process in `members`. */
  readonly member: number;
  /** Seconds in which another member must answer while this one waits for it; default 10. */
  readonly patience?: number;
}

/**
 * Operations over all members. Each waits until every member has called it: all must make the same calls in the same order,
 * with tensors of the same shape. The thread of JavaScript is blocked meanwhile; a member that ends or stops is noticed.
 */
export interface Cluster extends Required<ClusterOptions> {
  /** Whether only processes of this machine can connect to its members. */
  readonly thisMachineOnly: boolean;
  /**
   * Waits until all members have started.
   * @throws LostMemberError that names those that have not within `seconds`.
   */
  ready(options: { readonly seconds: number; readonly signal?: AbortSignal }): Promise<void>;
  /**
   * The sum of every member's tensor, elementwise, with the same bits for all members and in every repeat with as many.
   * @param tensor float32; not disposed
   * @throws LostMemberError if a member has ended or stopped, after which no other call succeeds.
   */
  sum(tensor: Tensor): Tensor;
  /**
   * The tensor of member 0.
   * @param tensor float32, of the same shape for all; not disposed
   * @throws LostMemberError as {@link Cluster.sum}.
   */
  broadcast(tensor: Tensor): Tensor;
}

/** A member of the cluster has ended, cannot be reached or has not answered; the others cannot go on without it. */
export class LostMemberError extends Error {
  override readonly name = 'LostMemberError';
}

/** @throws InputError for fewer than two members, addresses that are not `host:port` or repeated, an index out of range. */
export function checkCluster({ members, member, patience = 10 }: ClusterOptions): void {
  const issues: Issue[] = [];
  if (members.length < 2)
    issues.push({
      path: 'cluster.members',
      message: `has ${members.length === 1 ? '1 member' : 'no member'}`,
      hint: 'two or more, each as host:port',
    });
  members.forEach((address, index) => {
    const port = Number(/^[^\s:/]+:(\d{1,5})$/.exec(address)?.[1] ?? 0);
    const repeated = members.indexOf(address) !== index;
    if (port < 1 || port > 65535 || repeated)
      issues.push({
        path: `cluster.members.${index}`,
        message: `${JSON.stringify(address)} is ${repeated ? 'listed twice' : 'not an address'}`,
        hint: 'host:port, such as node1:20000, another one for each member',
      });
  });
  if (!Number.isInteger(member) || member < 0 || member >= Math.max(1, members.length))
    issues.push({
      path: 'cluster.member',
      message: `is ${member}`,
      hint: `the index of this process, from 0 to ${members.length - 1}`,
    });
  if (!(patience > 0))
    issues.push({
      path: 'cluster.patience',
      message: `is ${patience}`,
      hint: 'seconds greater than 0',
    });
  throwIssues(issues);
}

/** What `collective.cc` adds to the binding of a process that has joined. */
interface ClusterBinding {
  readonly thisMachineOnly: boolean;
  checkMember(member: number, milliseconds: number): string | undefined;
  watchMembers(milliseconds: number): void;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_INT: number;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
}

/** The native backend. */
export interface ClusterBackend {
  readonly binding: ClusterBinding;
  executeSingleOutput(name: string, attributes: object[], inputs: Tensor[]): Tensor;
}

/** Milliseconds that a member has to answer when the reason of a failure is looked for. */
const ANSWER_MILLISECONDS = 2000;

/** The operations of a process that has joined. */
export function openCluster(
  { members, member, patience = 10 }: ClusterOptions,
  backend: ClusterBackend,
): Cluster {
  const { binding } = backend;
  const tf = tfjs();
  const kept = (value: number): Tensor => tf.keep(tf.scalar(value, 'int32'));
  const groupSize = kept(members.length);
  const groupKey = kept(1);
  const others = [...members.keys()].filter((index) => index !== member);
  const attributes = (...more: object[]): object[] => [
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'communication_hint', type: binding.TF_ATTR_STRING, value: 'ring' },
    { name: 'timeout_seconds', type: binding.TF_ATTR_FLOAT, value: 0 },
    ...more,
  ];
  const reduce = attributes(
    { name: 'merge_op', type: binding.TF_ATTR_STRING, value: 'Add' },
    { name: 'final_op', type: binding.TF_ATTR_STRING, value: 'Id' },
    { name: 'Nordering_token', type: binding.TF_ATTR_INT, value: 0 },
    // Pieces of a large vector that travel at once. Another number gives other bits.
    { name: 'max_subdivs_per_device', type: binding.TF_ATTR_INT, value: 16 },
  );
  const receive = attributes({
    name: 'Tshape',
    type: binding.TF_ATTR_TYPE,
    value: binding.TF_INT32,
  });
  let calls = 0;
  let failure: LostMemberError | undefined;

  const collective = (tensor: Tensor, call: (key: Tensor) => Tensor): Tensor => {
    if (failure !== undefined) throw failure;
    if (tensor.dtype !== 'float32')
      throw new TypeError(`Members exchange float32 tensors, not ${tensor.dtype}.`);
    const key = tf.scalar(100 + calls++, 'int32'); // every member counts alike
    binding.watchMembers(patience * 1000);
    try {
      return call(key);
    } catch (error) {
      binding.watchMembers(0);
      failure = new LostMemberError(explain((error as Error).message), { cause: error });
      throw failure;
    } finally {
      binding.watchMembers(0);
      key.dispose();
    }
  };

  const named = (index: number): string => `member ${index} (${members[index]})`;

  const explain = (reason: string): string => {
    const [, watched, how] = /lost member (\d+) (silent|gone);/.exec(reason) ?? [];
    const lost =
      watched === undefined
        ? others.filter((index) => binding.checkMember(index, ANSWER_MILLISECONDS) !== undefined)
        : [Number(watched)];
    if (lost.length === 0)
      return `The members could not exchange numbers: ${/Message: (.*)/.exec(reason)?.[1] ?? reason.trim()}`;
    const gone = lost.map(named).join(', ');
    return how === 'silent'
      ? `Lost ${gone}: no answer for ${patience} s.`
      : `Lost ${gone}: ended, or cannot be reached any more.`;
  };

  return {
    members,
    member,
    patience,
    thisMachineOnly: binding.thisMachineOnly,
    async ready({ seconds, signal }) {
      const end = performance.now() + seconds * 1000;
      let missing = others;
      for (;;) {
        missing = missing.filter((index) => binding.checkMember(index, 500) !== undefined);
        if (missing.length === 0) return;
        if (performance.now() > end)
          throw new LostMemberError(
            `Missing ${missing.map(named).join(', ')}: not started within ${seconds} s, or not reachable.`,
          );
        await setTimeout(200, undefined, { signal });
      }
    },
    sum: (tensor) =>
      collective(tensor, (key) =>
        backend.executeSingleOutput('CollectiveReduceV2', reduce, [
          tensor,
          groupSize,
          groupKey,
          key,
        ]),
      ),
    broadcast: (tensor) =>
      collective(tensor, (key) => {
        if (member === 0)
          return backend.executeSingleOutput('CollectiveBcastSendV2', attributes(), [
            tensor,
            groupSize,
            groupKey,
            key,
          ]);
        const shape = tf.tensor1d(tensor.shape, 'int32');
        try {
          return backend.executeSingleOutput('CollectiveBcastRecvV2', receive, [
            groupSize,
            groupKey,
            key,
            shape,
          ]);
        } finally {
          shape.dispose();
        }
      }),
  };
}

/** @throws InputError if a process that has joined a cluster, or none, is to join another one. */
export function requireSameCluster(
  joined: Cluster | undefined,
  wanted: ClusterOptions | undefined,
): void {
  if (wanted === undefined) return;
  const same = joined?.member === wanted.member && joined.members.join() === wanted.members.join();
  if (!same)
    throw new InputError({
      path: 'cluster',
      message: 'TensorFlow is already loaded, and a process joins a cluster while it loads it',
      hint: 'give the cluster in the first call of useEngine',
    });
}
