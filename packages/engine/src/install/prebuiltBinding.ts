import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bindingHash } from '../bindingHash.js';
import { packageFolders } from '../packageFolders.js';

/** Folder of the binding that the published package carries for a platform. */
export function prebuiltFolder(): string {
  return join(packageFolders.engine, 'prebuilds', `${process.platform}-${process.arch}`);
}

/** The published package's binding for this platform, where it was made from the binding's present source. */
export function prebuiltBinding(): string | undefined {
  const file = join(prebuiltFolder(), 'tfjs_binding.node');
  try {
    const { source } = JSON.parse(
      readFileSync(join(prebuiltFolder(), 'tfjs_binding.json'), 'utf8'),
    ) as { source?: string };
    return source === bindingHash() && statSync(file).size > 0 ? file : undefined;
  } catch {
    return undefined;
  }
}
