// Copies the README and docs/ to `pages/`, for typedoc: links to what is not a page there, such as the folder of a package,
// become plain text.
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const pages = fileURLToPath(new URL('pages/', import.meta.url));

rmSync(pages, { recursive: true, force: true });
for (const part of ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CITATION.cff', 'docs'])
  cpSync(join(root, part), join(pages, part), { recursive: true });

for (const name of readdirSync(pages, { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.md')) continue;
  const file = join(pages, name);
  const isPage = (target) => {
    const path = join(dirname(file), target.split('#')[0]);
    return existsSync(path) && statSync(path).isFile();
  };
  const text = readFileSync(file, 'utf8').replaceAll(
    /(?<!!)\[([^\]]+)\]\(([^)\s]+)\)/g,
    (link, label, target) => (/^(https?:|#)/.test(target) || isPage(target) ? link : label),
  );
  writeFileSync(file, text);
}
