import { createRequire } from 'node:module';
import { join } from 'node:path';
import { packageFolders } from '../packageFolders.js';

const require = createRequire(import.meta.url);

/** Loads a module of tfjs-node's JavaScript by its path below `dist/`, past the package's entry, which needs its own addon. */
export function requireTfjsNode(path: string): unknown {
  return require(join(packageFolders.tfjsNode(), 'dist', path));
}
