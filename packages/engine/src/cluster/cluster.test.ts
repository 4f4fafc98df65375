import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createServer } from 'node:net';
import { InputError, UnavailableError } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { joinedCluster } from '../load/startNative.js';
import { findInstallation } from '../selectInstallation.js';
import { useEngine } from '../useEngine.js';
import { freeAddresses } from './freeAddresses.js';

const slow = process.env.NONLOCAL_MED_SLOW === '1';

const modules = {
  engine: new URL('../../dist/index.js', import.meta.url).href,
  tfjs: import.meta.resolve('@tensorflow/tfjs-core'),
};

/** What every member does; `work` may use `cluster`, `tf`, `member` and `print`, which writes one line of JSON. */
const program = (work: string): string => `
  import * as tf from ${JSON.stringify(modules.tfjs)};
  import { joinedCluster, useEngine } from ${JSON.stringify(modules.engine)};
  const [members, member] = [process.argv[1].split(','), Number(process.argv[2])];
  const print = (value) => process.stdout.write(JSON.stringify(value) + '\\n');
  ${String(ownListeners)}
  const listening = () => ownListeners(process.getBuiltinModule('fs'));
  const bits = (tensor) => Buffer.from(tensor.dataSync().buffer).toString('base64');
  try {
    const info = await useEngine({ backend: 'native', threads: 1, ...(members.length < 2 ? {} : { cluster: { members, member, patience: 1 } }) });
    const cluster = joinedCluster();
    ${work}
  } catch (error) { print({ error: error.name, message: error.message }); }
  process.exit(0);
`;

/** Number of sockets of this process that listen (state 0A in /proc/net). */
function ownListeners({ readdirSync, readFileSync, readlinkSync }: typeof fs): number {
  const own = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return /socket:\[(\d+)\]/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1];
    } catch {
      return undefined; // closed meanwhile
    }
  });
  return ['tcp', 'tcp6']
    .flatMap((name) => readFileSync(`/proc/net/${name}`, 'utf8').trim().split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((row) => row[3] === '0A' && own.includes(row[9])).length;
}

interface Started {
  readonly lines: Record<string, unknown>[];
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly ended: Promise<unknown>;
}

function start(addresses: readonly string[], member: number, work: string): Started {
  const parameters = ['--input-type=module', '-e', program(work), addresses.join(), String(member)];
  const child = spawn(process.execPath, parameters, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: Record<string, unknown>[] = [];
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (data: string) => {
    const complete = (text + data).split('\n');
    text = complete.pop()!;
    lines.push(...complete.map((line) => JSON.parse(line) as Record<string, unknown>));
  });
  return { lines, kill: (signal) => child.kill(signal), ended: once(child, 'close') };
}

const together = (addresses: readonly string[], work: string): Started[] =>
  addresses.map((_, member) => start(addresses, member, work));

describe.skipIf(
  typeof findInstallation('cpu') === 'string' && process.env.NONLOCAL_MED_REQUIRE_NATIVE !== '1',
)('processes on this machine (skipped without native TensorFlow)', () => {
  it.each(slow ? [2, 4] : [2])('sum and broadcast to the same bits on all of %i', async (count) => {
    const members = together(
      await freeAddresses(count),
      `await cluster.ready({ seconds: 60 });
       const before = tf.memory().numTensors;
       const small = tf.tidy(() => cluster.sum(tf.tensor2d([[1, 10 ** member], [-0.5, 0]])).arraySync());
       const first = tf.tidy(() => cluster.broadcast(tf.tensor1d([member + 7, member])).arraySync());
       print({ processes: info.processes, thisMachineOnly: cluster.thisMachineOnly, listening: listening(), small, first });
       // Over 58 binary orders of magnitude, so that the order of addition decides the bits.
       const wide = tf.tidy(() => tf.mul(tf.randomUniform([5000], -1, 1, 'float32', 7 + member), tf.exp(tf.randomUniform([5000], -20, 20, 'float32', 17 + member))));
       const [once, again] = [cluster.sum(wide), cluster.sum(wide)];
       print({ bits: bits(once), repeats: bits(once) === bits(again) });
       tf.dispose([wide, once, again]);
       print({ kept: tf.memory().numTensors - before });
       try { cluster.sum(tf.tensor1d([1], 'int32')); } catch (error) { print({ refused: error.message }); }
       // Longer than the patience: a member that computes still answers.
       if (member === 1) for (const end = Date.now() + 2500; Date.now() < end; );
       print({ waited: cluster.sum(tf.scalar(1)).arraySync() });
       cluster.sum(tf.ones([5 + member]));`,
    );
    await Promise.all(members.map(({ ended }) => ended));
    const [expected] = members.map(({ lines }) => lines[1].bits);
    for (const { lines } of members)
      expect(lines.slice(0, 5)).toEqual([
        {
          processes: count,
          listening: 1,
          thisMachineOnly: process.platform === 'linux',
          small: [
            [count, count === 2 ? 11 : 1111],
            [-0.5 * count, 0],
          ],
          first: [7, 0],
        },
        { bits: expected, repeats: true },
        { kept: 0 },
        { refused: 'Members exchange float32 tensors, not int32.' },
        { waited: count },
      ]);
    const messages = members.map(({ lines }) => String(lines[5]?.message));
    expect(messages.join('\n')).toMatch(/The members could not exchange numbers: .*[Ss]hape/);
  });

  const loop = `await cluster.ready({ seconds: 60 });
    print({ pid: process.pid });
    for (;;) { cluster.sum(tf.ones([1000])).dispose(); await new Promise(setImmediate); }`;

  it.each([
    ['SIGKILL', 'ended, or cannot be reached any more.'],
    ['SIGSTOP', 'no answer for 1 s.'],
  ] as const)('notice a member that gets %s, and still compute alone', async (signal, reason) => {
    const addresses = await freeAddresses(2);
    const [survivor, lost] = together(
      addresses,
      `try { ${loop} } catch (error) {
         print({ error: error.name, message: error.message, alone: tf.add(1, 2).arraySync() });
         try { cluster.sum(tf.scalar(1)); } catch (again) { print({ same: again === error }); }
       }`,
    );
    while (survivor.lines.length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    lost.kill(signal);
    await survivor.ended;
    lost.kill('SIGKILL');
    await lost.ended;
    expect(survivor.lines.slice(1)).toEqual([
      {
        error: 'LostMemberError',
        message: `Lost member 1 (${addresses[1]}): ${reason}`,
        alone: 3,
      },
      { same: true },
    ]);
  });

  it('name a member that never starts', async () => {
    const addresses = await freeAddresses(2);
    const alone = start(addresses, 0, `await cluster.ready({ seconds: 2 });`);
    await alone.ended;
    expect(alone.lines).toEqual([
      {
        error: 'LostMemberError',
        message: `Missing member 1 (${addresses[1]}): not started within 2 s, or not reachable.`,
      },
    ]);
  });

  it.skipIf(!slow)('name a port that is in use', async () => {
    const server = createServer().listen(0, '0.0.0.0');
    await once(server, 'listening');
    const used = `127.0.0.1:${(server.address() as { port: number }).port}`;
    const member = start([used, '127.0.0.1:1'], 0, '');
    await member.ended;
    server.close();
    expect(member.lines).toEqual([
      {
        error: 'UnavailableError',
        message: `member 0 of the cluster cannot listen at ${used}: Could not start gRPC server; is the port in use?`,
      },
    ]);
  });
});

it('refuses what is not a cluster, with all issues', async () => {
  const join = (members: readonly string[], member: number): Promise<unknown> =>
    useEngine({ cluster: { members, member } });
  await expect(join(['a:1'], 0)).rejects.toThrow(InputError);
  await expect(join(['a:1'], 0)).rejects.toThrow('cluster.members: has 1 member');
  const several = join(['a:1', 'a:1', 'b', 'c:70000'], 4);
  await expect(several).rejects.toThrow('cluster.members.1: "a:1" is listed twice');
  await expect(several).rejects.toThrow('cluster.members.2: "b" is not an address');
  await expect(several).rejects.toThrow('cluster.members.3: "c:70000" is not an address');
  await expect(several).rejects.toThrow('cluster.member: is 4');
  const patience = useEngine({ cluster: { members: ['a:1', 'b:1'], member: 0, patience: 0 } });
  await expect(patience).rejects.toThrow('cluster.patience: is 0');
});

it('refuses wasm, a GPU, and a process that has already loaded TensorFlow', async () => {
  const cluster = { members: ['127.0.0.1:1', '127.0.0.1:2'], member: 0 };
  await expect(useEngine({ backend: 'wasm', cluster })).rejects.toThrow(UnavailableError);
  await expect(useEngine({ device: 'cuda', cluster })).rejects.toThrow('on CPUs only');
  if (typeof findInstallation('cpu') === 'string') return;
  const listening = process.platform === 'linux' ? ownListeners(fs) : 0;
  await useEngine({ backend: 'native' });
  if (process.platform === 'linux') expect(ownListeners(fs)).toBe(listening);
  await expect(useEngine({ cluster })).rejects.toThrow('give the cluster in the first call');
  expect(joinedCluster()).toBeUndefined();
});
