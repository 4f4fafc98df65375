import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freeAddresses } from '@nonlocal-med/engine';

const NODES = ['n1', 'n2'] as const;
type NodeName = (typeof NODES)[number];

/** Why no cluster can be started here; null if one can. */
export function noClusterBecause(): string | null {
  if (process.getuid?.() !== 0) return 'slurmd needs root';
  const missing = ['munged', 'slurmctld', 'slurmd', 'sbatch'].filter((name) => !isInstalled(name));
  return missing.length === 0 ? null : `${missing.join(', ')} not found`;
}

function isInstalled(name: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A Slurm cluster of two nodes on this machine, each with one core for jobs. */
export interface SlurmCluster {
  /** Its configuration file, which programs find by SLURM_CONF. */
  readonly config: string;
  /** Runs one of Slurm's commands; returns what it prints. */
  slurm(command: string, ...parameters: readonly string[]): Promise<string>;
  /** Kills a node with everything that runs on it, as a power failure does. */
  killNode(name: NodeName): Promise<void>;
  startNode(name: NodeName): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a cluster on loopback, with a partition `low` whose jobs are interrupted and requeued for those of `high`.
 * @param folder an empty folder for its state
 */
export async function startSlurmCluster(folder: string): Promise<SlurmCluster> {
  const state = join(folder, 'state');
  mkdirSync(state, { recursive: true });
  const ports = (await freeAddresses(3)).map((address) => Number(address.split(':')[1]));
  const config = join(folder, 'slurm.conf');
  writeFileSync(config, configuration(state, ports));
  const socket = join(state, 'munge.socket');
  const daemons = new Map<string, ChildProcess>();
  const env = { ...process.env, SLURM_CONF: config };
  const start = (name: string, command: string, parameters: readonly string[]): void => {
    const options = { stdio: 'ignore', env: { ...env, [MARK]: name } } as const;
    daemons.set(name, spawn(command, parameters, options));
  };
  start('munged', 'munged', mungeParameters(state, socket));
  await until('munged', () => succeeds('munge', ['--no-input', `--socket=${socket}`]));
  start('slurmctld', 'slurmctld', ['-D', '-i', '-f', config]);
  const startSlurmd = (name: NodeName): void =>
    start(name, 'slurmd', ['-D', '-N', name, '-f', config]);
  NODES.forEach(startSlurmd);
  const slurm = async (command: string, ...parameters: readonly string[]): Promise<string> =>
    (await promisify(execFile)(command, [...parameters], { env })).stdout.trim();
  const idle = async (): Promise<boolean> =>
    (await slurm('sinfo', '--noheader', '--Node', '--format=%T').catch(() => ''))
      .split('\n')
      .every((line) => ['idle', 'mixed', 'allocated'].includes(line));
  await until('the nodes', idle);
  return {
    config,
    slurm,
    async killNode(name) {
      await killAll(name);
      await ended(daemons.get(name)!);
    },
    async startNode(name) {
      startSlurmd(name);
      await until(name, idle);
    },
    async stop() {
      for (const [name, daemon] of [...daemons].reverse()) {
        await killAll(name);
        await ended(daemon);
      }
    },
  };
}

/** Environment variable of a daemon and of the steps that it starts; jobs on a node have Slurm's own variable. */
const MARK = 'NONLOCAL_MED_TEST_NODE';

/** Kills a daemon, and all processes of a node. */
async function killAll(name: string): Promise<void> {
  const marks = [`${MARK}=${name}\0`, `SLURMD_NODENAME=${name}\0`];
  for (const pid of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
    if (!marks.some((mark) => `${environment}\0`.includes(mark))) continue;
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
}

async function ended(daemon: ChildProcess): Promise<void> {
  if (daemon.exitCode === null && daemon.signalCode === null) await once(daemon, 'exit');
}

/** Waits for a condition, for half an hour at most. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const start = performance.now();
  while (!(await holds())) {
    if (performance.now() - start > 1_800_000) throw new Error(`waited in vain for ${what}`);
    await delay(200);
  }
}

const succeeds = (command: string, parameters: readonly string[]): Promise<boolean> =>
  promisify(execFile)(command, [...parameters]).then(
    () => true,
    () => false,
  );

function mungeParameters(state: string, socket: string): string[] {
  const key = join(state, 'munge.key');
  writeFileSync(key, randomBytes(128), { mode: 0o400 });
  const file = (option: string, name: string): string => `--${option}=${join(state, name)}`;
  return [
    '--foreground',
    '--force',
    `--socket=${socket}`,
    `--key-file=${key}`,
    file('pid-file', 'munged.pid'),
    file('log-file', 'munged.log'),
    file('seed-file', 'munged.seed'),
  ];
}

function configuration(state: string, [controller, ...ports]: readonly number[]): string {
  const host = hostname();
  const nodes = NODES.map(
    (name, i) =>
      `NodeName=${name} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${ports[i]} CPUs=1 RealMemory=3000`,
  );
  return `ClusterName=test
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${controller}
AuthType=auth/munge
AuthInfo=socket=${join(state, 'munge.socket')}
MpiDefault=none
ProctrackType=proctrack/pgid
ReturnToService=2
SlurmdTimeout=10
SlurmctldPidFile=${join(state, 'slurmctld.pid')}
SlurmdPidFile=${join(state, 'slurmd-%n.pid')}
SlurmdSpoolDir=${join(state, 'spool-%n')}
SlurmctldLogFile=${join(state, 'slurmctld.log')}
SlurmdLogFile=${join(state, 'slurmd-%n.log')}
StateSaveLocation=${join(state, 'controller')}
SlurmUser=root
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
JobAcctGatherType=jobacct_gather/none
SchedulerParameters=sched_interval=2,bf_interval=2
${nodes.join('\n')}
PartitionName=low Nodes=n1,n2 Default=YES State=UP PriorityTier=1 PreemptMode=REQUEUE GraceTime=120
PartitionName=high Nodes=n1,n2 State=UP PriorityTier=10 PreemptMode=OFF
`;
}
