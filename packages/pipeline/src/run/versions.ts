import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const packages = [
  'core',
  'engine',
  'tensor',
  'nonlocal',
  'models',
  'metrics',
  'data',
  'train',
] as const;

/** Versions of the packages that a run's numbers come from, and of Node. */
export function versions(): Record<string, string> {
  const own = packages.map((name): [string, string] => {
    const manifest = JSON.parse(
      readFileSync(require.resolve(`@nonlocal-med/${name}/package.json`), 'utf8'),
    ) as { name: string; version: string };
    return [manifest.name, manifest.version];
  });
  return { ...Object.fromEntries(own), node: process.version };
}
