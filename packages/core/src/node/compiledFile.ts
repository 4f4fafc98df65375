import { existsSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The compiled program or worker beside a module, to be started in a process or thread of its own. If the module runs as
 * TypeScript source, as in tests, it is the one in `dist`.
 * @param here `import.meta.url` of the module
 * @param name of the compiled file, relative to the module, such as `./imageWorker.js`
 * @throws Error if it has not been built
 */
export function compiledFile(here: string, name: string): string {
  const adjacent = join(dirname(fileURLToPath(here)), name);
  if (existsSync(adjacent)) return adjacent;
  const source = `${sep}src${sep}`;
  const at = adjacent.lastIndexOf(source);
  const built = `${adjacent.slice(0, at)}${sep}dist${sep}${adjacent.slice(at + source.length)}`;
  if (at >= 0 && existsSync(built)) return built;
  throw new Error(`${name} is missing beside ${fileURLToPath(here)}. Build the package first.`);
}
