// Packs every package that is published, from what is built, into a new folder: node src/packPublished.js FOLDER
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const [destination] = process.argv.slice(2);
if (destination === undefined) throw new Error('usage: node packPublished.js FOLDER');

mkdirSync(destination, { recursive: true });
const folders = ['packages', 'apps'].flatMap((parent) =>
  readdirSync(join(root, parent)).map((name) => join(root, parent, name)),
);
for (const folder of folders) {
  const file = join(folder, 'package.json');
  if (!existsSync(file) || JSON.parse(readFileSync(file, 'utf8')).private === true) continue;
  const { status } = spawnSync('pnpm', ['pack', '--pack-destination', resolve(destination)], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`${folder} could not be packed`);
}
