// A process that installs a small wheel from an index, for the tests of two at once: node installOnce.js FOLDER RELEASE_JSON
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installInto } from '../dist/install/installInto.js';

const [folder, release] = process.argv.slice(2);
const { manifest } = await installInto({
  release: JSON.parse(release),
  device: 'cpu',
  folder,
  force: false,
  progress: { line: (text) => process.stdout.write(`${text}\n`), bytes: () => undefined },
  probe: async () => undefined,
  tools: {
    findBindingSource: async () => ({ prebuilt: 'none' }),
    provideBinding: async (target) => {
      await writeFile(join(target, 'tfjs_binding.node'), 'binding');
      return 'none';
    },
  },
});
process.stdout.write(`installed ${manifest.files.length} files\n`);
