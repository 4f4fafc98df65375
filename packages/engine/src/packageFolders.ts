import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);

/** Folders of this package and of those whose files it reads; nothing is written to any of them. */
export const packageFolders = {
  /** This package. */
  engine: fileURLToPath(new URL('../', import.meta.url)),
  /** The package with the binding's source and the backend's JavaScript. */
  tfjsNode: (): string => dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json')),
  /** Node's own C headers. */
  nodeHeaders: (): string => join(dirname(require.resolve('node-api-headers/package.json')), 'include'),
};
