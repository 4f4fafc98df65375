import { createRequire } from 'node:module';
import { join } from 'node:path';
import util from 'node:util';
import type { KernelBackend } from '@tensorflow/tfjs';
import { type LoadOptions, setNativeEnvironment } from './nativeEnvironment.js';
import { registerFileHandlers } from './registerFileHandlers.js';
import { requireTfjsNode } from './requireTfjsNode.js';
import { tfjs } from './tfjs.js';

const require = createRequire(import.meta.url);

/** Name of the compiled addon in an installation's folder. */
export const BINDING = 'tfjs_binding.node';

interface Binding {
  readonly TF_Version: string;
}

/** What loading native TensorFlow found. */
export interface NativeBackend {
  readonly tensorflow: string;
  readonly usesGpu: boolean;
}

/**
 * Loads TensorFlow from an installation's folder, registers tfjs-node's kernels and sets the backend `tensorflow`.
 * The process keeps what the first call loaded.
 * @throws Error where the libraries cannot be loaded.
 */
export function loadNative(folder: string, options: LoadOptions = {}): NativeBackend {
  const tf = tfjs();
  if (tf.findBackendFactory('tensorflow') === null) {
    // Removed in Node 23; tfjs-node's backend calls it on every operation. Replaced on older ones too: theirs warns.
    (util as unknown as { isNullOrUndefined: (value: unknown) => boolean }).isNullOrUndefined = (
      value,
    ) => value === null || value === undefined;
    setNativeEnvironment(options);
    const binding = require(join(folder, BINDING)) as Binding;
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
