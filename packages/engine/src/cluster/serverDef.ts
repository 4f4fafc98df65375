/** What TensorFlow needs to know of a cluster. */
export interface ServerOptions {
  /** `host:port` of every member. */
  readonly members: readonly string[];
  /** Index of this one. */
  readonly member: number;
  /** Number of threads of one operation, and of operations running at once. */
  readonly threads: number;
}

/** The name of a member's process in TensorFlow. */
const taskName = (member: number): string => `/job:worker/replica:0/task:${member}`;

/**
 * `tensorflow.ServerDef` in protobuf's wire format (tensorflow/core/protobuf: tensorflow_server.proto, cluster.proto,
 * config.proto). Member 0 resolves the groups of collective operations; without a leader the first one waits forever.
 */
export function serverDef({ members, member, threads }: ServerOptions): Uint8Array {
  const tasks = members.flatMap((address, index) =>
    message(2, [...integer(1, index), ...message(2, utf8(address))]),
  );
  const job = message(1, [...message(1, utf8('worker')), ...tasks]);
  const config = [
    ...integer(2, threads),
    ...integer(5, threads),
    ...message(16, message(1, utf8(taskName(0)))),
  ];
  return Uint8Array.from([
    ...message(1, job),
    ...message(2, utf8('worker')),
    ...integer(3, member),
    ...message(4, config),
    ...message(5, utf8('grpc')),
  ]);
}

function varint(value: number): number[] {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value & 127) | 128);
  return [...bytes, value];
}

const integer = (field: number, value: number): number[] => [
  ...varint(field * 8),
  ...varint(value),
];

const message = (field: number, content: readonly number[]): number[] => [
  ...varint(field * 8 + 2),
  ...varint(content.length),
  ...content,
];

const utf8 = (text: string): number[] => [...Buffer.from(text)];
