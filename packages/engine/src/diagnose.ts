import { access, constants } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { formatBytes } from '@nonlocal-med/core';
import type { Device } from './engineInfo.js';
import { gpuStatus } from './gpuStatus.js';
import { findCompiler } from './install/compileBinding.js';
import { freeSpace } from './install/diskSpace.js';
import { findPip } from './install/findPip.js';
import { prebuiltBinding } from './install/prebuiltBinding.js';
import {
  installationFolder,
  installationsFolder,
  readInstallation,
  verifyHashes,
} from './installation.js';
import { nvidiaDriver } from './nvidiaDriver.js';
import { probeInstallation } from './probeInstallation.js';
import { INSTALL_COMMAND, PROGRAM } from './selectInstallation.js';
import { isSupported } from './tensorflowRelease.js';

/** One thing that was examined. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly value: string;
}

/** What `doctor` prints. */
export interface Diagnosis {
  /** Whether native TensorFlow works on the device that it should use. */
  readonly healthy: boolean;
  readonly engine: 'native' | 'wasm';
  readonly device: Device;
  readonly tensorflow?: string;
  readonly threads: number;
  readonly checks: readonly Check[];
  /** The one command or action to do next; absent if all is well. */
  readonly fix?: string;
}

/** Examines everything that native TensorFlow needs: files and their hashes, a start in a child process, tools. */
export async function diagnose(): Promise<Diagnosis> {
  const driver = nvidiaDriver();
  const cpu = isSupported('cpu') ? await examineInstallation('cpu') : undefined;
  const cuda =
    isSupported('cuda') &&
    (driver !== undefined || readInstallation(installationFolder('cuda')) !== undefined)
      ? await examineInstallation('cuda')
      : undefined;
  const working = [cuda, cpu].find((state) => state?.ok === true);
  const tools = await examineTools(working !== undefined);
  const usesGpu = cuda?.usesGpu === true;
  const gpuMissing = driver !== undefined && !usesGpu && isSupported('cuda');
  const healthy = working !== undefined && !gpuMissing;
  const { TF_NUM_INTRAOP_THREADS: threads } = process.env;
  const platform = `${process.platform}-${process.arch}`;
  return {
    healthy,
    engine: working === undefined ? 'wasm' : 'native',
    device: usesGpu ? 'cuda' : 'cpu',
    tensorflow: working?.tensorflow,
    threads: Number(threads) || availableParallelism(),
    checks: [
      { name: 'node', ok: true, value: `${process.versions.node} on ${platform}` },
      {
        name: 'tensorflow',
        ok: cpu?.ok === true || working !== undefined,
        value: cpu?.value ?? `not available for ${platform}; wasm is used`,
      },
      {
        name: 'gpu',
        ok: !gpuMissing,
        value: `${driver === undefined ? 'no NVIDIA driver' : `NVIDIA driver ${driver}`}${cuda === undefined ? '' : `; with CUDA: ${cuda.value}`}`,
      },
      {
        name: 'threads',
        ok: true,
        value: `${availableParallelism()} available${threads ? `, TF_NUM_INTRAOP_THREADS=${threads}` : ''}`,
      },
      ...tools,
    ],
    ...(!healthy && { fix: nextStep({ tools, cpu, cuda, gpuMissing }) }),
  };
}

interface InstallationState {
  readonly ok: boolean;
  readonly value: string;
  readonly tensorflow?: string;
  readonly usesGpu?: boolean;
  /** Exists, but must be installed again. */
  readonly damaged?: boolean;
}

async function examineInstallation(device: Device): Promise<InstallationState> {
  const found = readInstallation(installationFolder(device));
  if (found === undefined) return { ok: false, value: 'not installed' };
  if (typeof found === 'string') return { ok: false, damaged: true, value: found };
  const changed = await verifyHashes(found);
  if (changed !== undefined) return { ok: false, damaged: true, value: changed };
  const { tensorflow, binding } = found.manifest;
  const location = `binding: ${binding}; in ${found.folder}`;
  if (device === 'cuda') {
    const { usesGpu, loads, issue } = await gpuStatus(found.folder, { fresh: true });
    const usage = usesGpu ? 'uses the GPU' : `does not use a GPU: ${issue}`;
    return { ok: loads, usesGpu, tensorflow, value: `${tensorflow} ${usage}; ${location}` };
  }
  try {
    const probed = await probeInstallation(found.folder);
    return {
      ok: true,
      tensorflow: probed.tensorflow,
      usesGpu: false,
      value: `${probed.tensorflow} works; ${location}`,
    };
  } catch (error) {
    return { ok: false, damaged: true, value: (error as Error).message };
  }
}

/** What an installation needs. Once one works, none of it counts as missing. */
async function examineTools(installed: boolean): Promise<Check[]> {
  const [compiler, pip] = await Promise.all([
    findCompiler(),
    findPip().catch((error: Error) => error),
  ]);
  const prebuilt = prebuiltBinding() !== undefined;
  const folder = installationsFolder();
  const free = await freeSpace(folder);
  const writable = await isWritable(folder);
  const canDownload =
    !(pip instanceof Error) && (pip !== undefined || Boolean(process.env.PIP_INDEX_URL));
  return [
    {
      name: 'compiler',
      ok: installed || compiler !== undefined || prebuilt,
      value: `${compiler?.version ?? 'none'}${prebuilt ? ' (not needed: the binding is prebuilt)' : ''}`,
    },
    { name: 'pip', ok: installed || canDownload, value: describePip(pip) },
    {
      name: 'cache',
      ok: installed || writable,
      value: `${folder}, ${formatBytes(free)} free${writable ? '' : ', not writable'}`,
    },
  ];
}

function describePip(pip: Awaited<ReturnType<typeof findPip>> | Error): string {
  if (pip instanceof Error) return pip.message;
  if (pip !== undefined) return `${pip.version} (${[pip.command, ...pip.args].join(' ')})`;
  return process.env.PIP_INDEX_URL
    ? 'none; PIP_INDEX_URL is used'
    : 'none, and PIP_INDEX_URL is not set';
}

/** Whether a folder can be written to, or created. */
async function isWritable(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK).then(
    () => true,
    (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' && dirname(folder) !== folder && isWritable(dirname(folder)),
  );
}

interface States {
  readonly tools: readonly Check[];
  readonly cpu?: InstallationState;
  readonly cuda?: InstallationState;
  readonly gpuMissing: boolean;
}

function nextStep({ tools, cpu, cuda, gpuMissing }: States): string {
  if (cpu === undefined && cuda === undefined)
    return 'nothing: the wasm backend is used on this platform';
  if (gpuMissing && cuda?.ok === true)
    return `make the GPU usable (${cuda.value}), then run "${PROGRAM} doctor"`;
  const missing = tools.find(({ ok }) => !ok);
  if (missing?.name === 'compiler') return `install g++, then run "${INSTALL_COMMAND}"`;
  if (missing?.name === 'pip')
    return `install pip 20.3.2 or newer, or set PIP_INDEX_URL, then run "${INSTALL_COMMAND}"`;
  if (missing?.name === 'cache')
    return `set NONLOCAL_MED_CACHE to a writable folder, then run "${INSTALL_COMMAND}"`;
  const device = gpuMissing ? ' --device cuda' : '';
  return `${INSTALL_COMMAND}${device}${(gpuMissing ? cuda : cpu)?.damaged === true ? ' --force' : ''}`;
}
