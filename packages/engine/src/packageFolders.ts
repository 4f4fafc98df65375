import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const engine = fileURLToPath(new URL('../', import.meta.url));
/** Whether this is the source of the package, and not the published one. */
export const inWorkspace = existsSync(join(engine, 'src'));
const vendored = join(engine, 'vendor', 'tfjs-node-gpu');

/** Folders of this package and of the packages whose files it reads. Nothing is written to any of them. */
export const packageFolders = {
  /** This package. */
  engine,
  /** The C++ source with which tfjs's binding is extended. */
  binding: join(engine, 'binding'),
  /**
   * The binding's source and the backend's JavaScript: a copy inside the published package, or the
   * package `@tensorflow/tfjs-node-gpu` in this workspace, where an earlier `pnpm pack` may have left an old copy.
   */
  tfjsNode: (): string =>
    inWorkspace ? dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json')) : vendored,
  /** Node's own C headers. */
  nodeHeaders: (): string =>
    join(dirname(require.resolve('node-api-headers/package.json')), 'include'),
};
