import { access, constants } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import type { Device } from './engineInfo.js';
import { gpuStatus } from './gpuStatus.js';
import { findCompiler } from './install/findCompiler.js';
import { findPip } from './install/findPip.js';
import { prebuiltBinding } from './install/prebuiltBinding.js';
import { formatBytes, freeSpace } from './install/requireSpace.js';
import { readInstallation } from './installation.js';
import { installationFolder, installationsFolder } from './installationFolder.js';
import { nvidiaDriver } from './nvidiaDriver.js';
import { probeInstallation } from './probeInstallation.js';
import { INSTALL_COMMAND, PROGRAM } from './selectInstallation.js';
import { isSupported } from './tensorflowRelease.js';
import { verifyHashes } from './verifyHashes.js';

/** One thing that was looked at. */
export interface Finding {
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
  readonly findings: readonly Finding[];
  /** The one command, or the one thing, that comes next; absent where all is well. */
  readonly fix?: string;
}

/** Looks at everything that native TensorFlow needs here: files with their hashes, a start in a child process, tools. */
export async function diagnose(): Promise<Diagnosis> {
  const driver = nvidiaDriver();
  const cpu = isSupported('cpu') ? await examineInstallation('cpu') : undefined;
  const cuda =
    isSupported('cuda') &&
    (driver !== undefined || readInstallation(installationFolder('cuda')) !== undefined)
      ? await examineInstallation('cuda')
      : undefined;
  const works = [cuda, cpu].find((state) => state?.ok === true);
  const tools = await examineTools(works !== undefined);
  const usesGpu = cuda?.usesGpu === true;
  const gpuMissing = driver !== undefined && !usesGpu && isSupported('cuda');
  const fix =
    works !== undefined && !gpuMissing ? undefined : nextStep({ tools, cpu, cuda, gpuMissing });
  return {
    healthy: works !== undefined && !gpuMissing,
    engine: works === undefined ? 'wasm' : 'native',
    device: usesGpu ? 'cuda' : 'cpu',
    tensorflow: works?.tensorflow,
    threads: Number(process.env.TF_NUM_INTRAOP_THREADS) || availableParallelism(),
    findings: [
      {
        name: 'node',
        ok: true,
        value: `${process.versions.node} on ${process.platform}-${process.arch}`,
      },
      {
        name: 'tensorflow',
        ok: cpu?.ok === true || works !== undefined,
        value: cpu?.value ?? `there is none for ${process.platform}-${process.arch}; wasm is used`,
      },
      {
        name: 'gpu',
        ok: !gpuMissing,
        value: `${driver === undefined ? 'no NVIDIA driver' : `NVIDIA driver ${driver}`}${cuda === undefined ? '' : `; with CUDA: ${cuda.value}`}`,
      },
      {
        name: 'threads',
        ok: true,
        value: `${availableParallelism()} available${process.env.TF_NUM_INTRAOP_THREADS ? `, TF_NUM_INTRAOP_THREADS=${process.env.TF_NUM_INTRAOP_THREADS}` : ''}`,
      },
      ...tools,
    ],
    ...(fix !== undefined && { fix }),
  };
}

interface InstallationState {
  readonly ok: boolean;
  readonly value: string;
  readonly tensorflow?: string;
  readonly usesGpu?: boolean;
  /** There, but not to be trusted. */
  readonly damaged?: boolean;
}

async function examineInstallation(device: Device): Promise<InstallationState> {
  const found = readInstallation(installationFolder(device));
  if (found === undefined) return { ok: false, value: 'not installed' };
  const issue = typeof found === 'string' ? found : await verifyHashes(found);
  if (typeof found === 'string' || issue !== undefined)
    return { ok: false, damaged: true, value: issue ?? '' };
  const where = `binding by ${found.manifest.binding}, in ${found.folder}`;
  if (device === 'cuda') {
    const { usesGpu, loads, issue: reason } = await gpuStatus(found.folder, { fresh: true });
    return {
      ok: loads,
      usesGpu,
      tensorflow: found.manifest.tensorflow,
      value: `${found.manifest.tensorflow} ${usesGpu ? 'uses the GPU' : `does not use a GPU: ${reason}`}; ${where}`,
    };
  }
  try {
    const { tensorflow } = await probeInstallation(found.folder);
    return { ok: true, tensorflow, usesGpu: false, value: `${tensorflow} works; ${where}` };
  } catch (error) {
    return { ok: false, damaged: true, value: (error as Error).message };
  }
}

/** What an installation needs; where there is a good one already, nothing of it is missing. */
async function examineTools(installed: boolean): Promise<Finding[]> {
  const [compiler, pip] = await Promise.all([
    findCompiler(),
    findPip().catch((error: Error) => error),
  ]);
  const prebuilt = prebuiltBinding() !== undefined;
  const folder = installationsFolder();
  const free = await freeSpace(folder);
  const writable = await mayWrite(folder);
  const index = process.env.PIP_INDEX_URL
    ? 'none; PIP_INDEX_URL is used'
    : 'none, and PIP_INDEX_URL is not set';
  return [
    {
      name: 'compiler',
      ok: installed || compiler !== undefined || prebuilt,
      value: `${compiler?.version ?? 'none'}${prebuilt ? ' (not needed: the binding comes prebuilt)' : ''}`,
    },
    {
      name: 'pip',
      ok:
        installed ||
        (!(pip instanceof Error) && (pip !== undefined || Boolean(process.env.PIP_INDEX_URL))),
      value:
        pip instanceof Error
          ? pip.message
          : pip === undefined
            ? index
            : `${pip.version} (${[pip.command, ...pip.args].join(' ')})`,
    },
    {
      name: 'cache',
      ok: installed || writable,
      value: `${folder}, ${formatBytes(free)} free${writable ? '' : ', not writable'}`,
    },
  ];
}

async function mayWrite(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK).then(
    () => true,
    (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' && dirname(folder) !== folder && mayWrite(dirname(folder)),
  );
}

interface States {
  readonly tools: readonly Finding[];
  readonly cpu?: InstallationState;
  readonly cuda?: InstallationState;
  readonly gpuMissing: boolean;
}

function nextStep({ tools, cpu, cuda, gpuMissing }: States): string {
  if (cpu === undefined && cuda === undefined)
    return 'nothing: the wasm engine is used on this platform';
  if (gpuMissing && cuda?.ok === true)
    return `make the GPU usable (${cuda.value}), then run "${PROGRAM} doctor"`;
  const missing = tools.find(({ ok }) => !ok);
  if (missing?.name === 'compiler') return `install g++, then run "${INSTALL_COMMAND}"`;
  if (missing?.name === 'pip')
    return `install pip 20.3.2 or newer, or set PIP_INDEX_URL, then run "${INSTALL_COMMAND}"`;
  if (missing?.name === 'cache')
    return `set NONLOCAL_MED_CACHE to a folder that you may write to, then run "${INSTALL_COMMAND}"`;
  const device = gpuMissing ? ' --device cuda' : '';
  return `${INSTALL_COMMAND}${device}${(gpuMissing ? cuda : cpu)?.damaged === true ? ' --force' : ''}`;
}
