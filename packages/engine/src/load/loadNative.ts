import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import util from 'node:util';
import type { KernelBackend } from '@tensorflow/tfjs-core';
import type { ClusterOptions } from '../cluster/cluster.js';
import { serverDef } from '../cluster/serverDef.js';
import { registerFileHandlers, requireTfjsNode, tfjs } from './tfjs.js';

const require = createRequire(import.meta.url);

/** Name of the compiled addon in an installation's folder. */
export const BINDING = 'tfjs_binding.node';

interface Binding {
  readonly TF_Version: string;
}

/** How to load TensorFlow. */
export interface LoadOptions {
  /** Number of threads of one operation, and of operations running at once; default: all cores. */
  readonly threads?: number;
  readonly hideGpu?: boolean;
  /** Joins it while loading. */
  readonly cluster?: ClusterOptions;
}

/** The native backend once it is loaded. */
export interface NativeBackend {
  readonly tensorflow: string;
  readonly usesGpu: boolean;
}

/**
 * Loads TensorFlow from an installation's folder, registers tfjs-node's kernels and activates the
 * backend `tensorflow`. The process keeps what the first call loaded.
 * @throws Error if the libraries cannot be loaded.
 */
export function loadNative(folder: string, options: LoadOptions = {}): NativeBackend {
  const tf = tfjs();
  if (tf.findBackendFactory('tensorflow') === null) {
    // tfjs-node's backend calls them on every operation. Node 23 removed the first, and older versions warn.
    Object.assign(util, {
      isNullOrUndefined: (value: unknown) => value === null || value === undefined,
      isArray: Array.isArray,
    });
    setNativeEnvironment(options);
    const binding = requireBinding(join(folder, BINDING), options);
    requireTfjsNode('register_all_kernels');
    const { NodeJSKernelBackend } = requireTfjsNode('nodejs_kernel_backend') as {
      NodeJSKernelBackend: new (binding: Binding, packageName: string) => KernelBackend;
    };
    tf.registerBackend(
      'tensorflow',
      () => new NodeJSKernelBackend(binding, '@tensorflow/tfjs-node-gpu'),
      3,
    );
  }
  if (!(tf.setBackend as (name: string) => unknown)('tensorflow'))
    throw new Error('tfjs could not start the backend "tensorflow"');
  registerFileHandlers();
  const backend = tf.backend() as unknown as {
    readonly binding: Binding;
    readonly isUsingGpuDevice: boolean;
  };
  return { tensorflow: backend.binding.TF_Version, usesGpu: backend.isUsingGpuDevice };
}

/** Where the binding looks for the cluster that it joins (`binding/collective.cc`). */
const holder = globalThis as { nonlocalMedCluster?: object };

/** Loads the addon, which joins the cluster before the backend reads the name of its device. */
function requireBinding(
  file: string,
  { cluster, threads = availableParallelism() }: LoadOptions,
): Binding {
  if (cluster === undefined) return require(file) as Binding;
  const { members, member } = cluster;
  const onThisMachine = members.every((address) => /^(localhost|127\.[\d.]+):/.test(address));
  holder.nonlocalMedCluster = {
    serverDef: serverDef({ members, member, threads }),
    members: members.length,
    member,
    loopbackPort: onThisMachine ? Number(members[member].split(':')[1]) : 0,
  };
  try {
    return require(file) as Binding;
  } finally {
    delete holder.nonlocalMedCluster;
  }
}

/** Variables that TensorFlow reads once, when its libraries are loaded; the user's settings take precedence. */
const ENVIRONMENT: Readonly<Record<string, string>> = {
  /** Keeps freed memory for reuse: fewer page faults during training. */
  TF_CPU_ALLOCATOR_USE_BFC: '1',
  /** oneDNN's kernels are called by name where they are faster. */
  TF_ENABLE_ONEDNN_OPTS: '0',
  /** Errors only. */
  TF_CPP_MIN_LOG_LEVEL: '2',
};

function setNativeEnvironment({ threads, hideGpu = false, cluster }: LoadOptions): void {
  const { env } = process;
  // TensorFlow logs the loss of a member in many lines, of which none says more than the error.
  if (cluster !== undefined) env.TF_CPP_MIN_LOG_LEVEL ??= '3';
  if (hideGpu) env.CUDA_VISIBLE_DEVICES = '-1';
  for (const [name, value] of Object.entries(ENVIRONMENT)) env[name] ??= value;
  if (threads === undefined) return;
  env.TF_NUM_INTRAOP_THREADS = String(threads);
  env.TF_NUM_INTEROP_THREADS = String(threads);
}
