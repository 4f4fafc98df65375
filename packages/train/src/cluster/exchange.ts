import * as tf from '@tensorflow/tfjs-core';

/**
 * The processes that train one model together, such as `joinedCluster()` of `@nonlocal-med/engine`. Every member must make
 * the same calls in the same order.
 */
export interface TrainingCluster {
  /** A name of every member, in the same order for all. */
  readonly members: readonly string[];
  /** Index of this one. */
  readonly member: number;
  /** The elementwise sum of every member's tensor, with the same bits for all; throws when a member is lost. */
  sum(tensor: tf.Tensor): tf.Tensor;
  /** The tensor of member 0; throws when a member is lost. */
  broadcast(tensor: tf.Tensor): tf.Tensor;
}

type Operation = 'sum' | 'broadcast';

/** Numbers of all members together, as float32. */
async function exchange(
  cluster: TrainingCluster,
  operation: Operation,
  values: Float32Array,
): Promise<Float32Array> {
  const given = tf.tensor1d(values);
  try {
    const result = cluster[operation](given);
    const data = await result.data<'float32'>();
    result.dispose();
    return Float32Array.from(data);
  } finally {
    given.dispose();
  }
}

/** A text of every member, in their order, known to all. A byte is a number, so that the sum is exact. */
export async function gatherTexts(cluster: TrainingCluster, text: string): Promise<string[]> {
  const bytes = new TextEncoder().encode(text);
  const { members, member } = cluster;
  const own = new Float32Array(members.length);
  own[member] = bytes.length;
  const lengths = Array.from(await exchange(cluster, 'sum', own));
  const starts = lengths.map((_, index) =>
    lengths.slice(0, index).reduce((sum, length) => sum + length, 0),
  );
  const all = new Float32Array(starts.at(-1)! + lengths.at(-1)! + 1);
  all.set(bytes, starts[member]);
  const gathered = Uint8Array.from(await exchange(cluster, 'sum', all));
  return lengths.map((length, index) =>
    new TextDecoder().decode(gathered.subarray(starts[index], starts[index] + length)),
  );
}

/** Floats per broadcast of a large value. */
const CHUNK = 2 ** 24;

/** Float32 arrays in a text of JSON: where their numbers are. */
interface Placed {
  readonly floats: readonly [start: number, length: number];
}

/**
 * A value of member 0, for all members: what JSON can hold, maps and Float32Arrays. What the other members pass is ignored.
 * Absent properties stay absent.
 */
export async function shareValue<T>(cluster: TrainingCluster, value: T): Promise<T> {
  const arrays: Float32Array[] = [];
  let total = 0;
  const pack = (part: unknown): unknown => {
    if (part instanceof Float32Array) {
      arrays.push(part);
      total += part.length;
      return { floats: [total - part.length, part.length] } satisfies Placed;
    }
    if (part instanceof Map) return { map: [...part].map((entry) => pack(entry)) };
    if (Array.isArray(part)) return { list: part.map(pack) };
    if (typeof part !== 'object' || part === null) return part;
    return {
      fields: Object.fromEntries(Object.entries(part).map(([name, field]) => [name, pack(field)])),
    };
  };
  const sends = cluster.member === 0;
  const text = new TextEncoder().encode(sends ? JSON.stringify({ value: pack(value) }) : '');
  const [bytes, floats] = await exchangeSizes(cluster, [text.length, total]);
  const body = await broadcastBytes(cluster, sends ? text : new Uint8Array(bytes));
  const numbers = new Float32Array(floats);
  if (sends) arrays.reduce((at, array) => (numbers.set(array, at), at + array.length), 0);
  for (let at = 0; at < floats; at += CHUNK) {
    const piece = numbers.subarray(at, Math.min(floats, at + CHUNK));
    const received = await exchange(cluster, 'broadcast', piece);
    if (!sends) numbers.set(received, at);
  }
  if (sends) return value;
  const unpack = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null) return part;
    const packed = part as Partial<Placed> & {
      map?: unknown[];
      list?: unknown[];
      fields?: object;
    };
    if (packed.floats !== undefined)
      return numbers.slice(packed.floats[0], packed.floats[0] + packed.floats[1]);
    if (packed.map !== undefined) return new Map(packed.map.map(unpack) as [unknown, unknown][]);
    if (packed.list !== undefined) return packed.list.map(unpack);
    return Object.fromEntries(
      Object.entries(packed.fields ?? {}).map(([name, field]) => [name, unpack(field)]),
    );
  };
  const { value: packed } = JSON.parse(new TextDecoder().decode(body)) as { value?: unknown };
  return unpack(packed) as T;
}

/** Two sizes of member 0. Each travels as two numbers, because float32 is exact up to 2^24 only. */
async function exchangeSizes(
  cluster: TrainingCluster,
  sizes: readonly [number, number],
): Promise<[number, number]> {
  const halves = sizes.flatMap((size) => [Math.floor(size / CHUNK), size % CHUNK]);
  const [a, b, c, d] = await exchange(cluster, 'broadcast', Float32Array.from(halves));
  return [a * CHUNK + b, c * CHUNK + d];
}

async function broadcastBytes(cluster: TrainingCluster, bytes: Uint8Array): Promise<Uint8Array> {
  return Uint8Array.from(await exchange(cluster, 'broadcast', Float32Array.from(bytes)));
}

/**
 * The end of what the members do together: afterwards each may leave without the others missing it. Where one has left
 * already, all have come this far.
 */
export async function leaveTogether(cluster: TrainingCluster): Promise<void> {
  await exchange(cluster, 'sum', new Float32Array(1)).catch(() => undefined);
}
