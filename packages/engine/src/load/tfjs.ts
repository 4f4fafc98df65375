import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as Tfjs from '@tensorflow/tfjs-core';
import { packageFolders } from '../packageFolders.js';

const require = createRequire(import.meta.url);

/**
 * The tfjs instance that Node's `require` and `import` share, with its gradients, which tfjs-layers registers; loaded at
 * the first call, which takes 0.2 s. Not `@tensorflow/tfjs`, which contains both, but also a dependency with an install
 * script.
 */
export function tfjs(): typeof Tfjs {
  require('@tensorflow/tfjs-layers');
  return require('@tensorflow/tfjs-core') as typeof Tfjs;
}

/**
 * Loads a JavaScript module of tfjs-node by its path below `dist/`. The entry point of the package
 * cannot be used, because it loads tfjs-node's own addon.
 */
export function requireTfjsNode(path: string): unknown {
  return require(join(packageFolders.tfjsNode(), 'dist', path));
}

type Router = Parameters<ReturnType<typeof tfjs>['io']['registerLoadRouter']>[0];
let registered = false;

/** Lets `tf.loadLayersModel` and `model.save` read and write `file://` folders, on any backend. */
export function registerFileHandlers(): void {
  if (registered) return;
  registered = true;
  const { nodeFileSystemRouter } = requireTfjsNode('io/file_system') as {
    nodeFileSystemRouter: Router;
  };
  const { io } = tfjs();
  io.registerLoadRouter(nodeFileSystemRouter);
  io.registerSaveRouter(nodeFileSystemRouter);
}
