import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolders } from './packageFolders.js';

/** Raised when the way the binding is compiled or an installation is laid out changes. */
const RECIPE = 'recipe 1';

/** Short hash of the binding's C++ source and of how it is built: part of an installation's name. */
export function bindingHash(): string {
  const folder = join(packageFolders.tfjsNode(), 'binding');
  const hash = createHash('sha256').update(RECIPE);
  for (const file of readdirSync(folder).sort())
    hash.update(file).update(readFileSync(join(folder, file)));
  return hash.digest('hex').slice(0, 12);
}
