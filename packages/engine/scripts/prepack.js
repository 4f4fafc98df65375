// Runs before the package is packed: copies the backend of tfjs-node, and compiles the binding for this platform, so that
// users need no compiler. Fails where the package would be published without the binding for Linux x64.
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prebuildBinding } from '../dist/install/prebuiltBinding.js';
import { CHANGES, vendorBackend } from './vendorBackend.js';

const source = dirname(
  createRequire(import.meta.url).resolve('@tensorflow/tfjs-node-gpu/package.json'),
);
const target = fileURLToPath(new URL('../vendor/tfjs-node-gpu', import.meta.url));
const read = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const present = existsSync(target) ? read(target) : {};

if (present.version !== read(source).version || present.changes !== CHANGES) {
  const partial = `${target}.${process.pid}`;
  vendorBackend(source, partial);
  rmSync(target, { recursive: true, force: true });
  renameSync(partial, target);
}

const { file, note } = await prebuildBinding();
process.stderr.write(`${note}\n`);
const platform = `${process.platform}-${process.arch}`;
if (file === undefined || platform !== 'linux-x64') {
  if (process.env.NONLOCAL_MED_WITHOUT_BINDING === '1')
    process.stderr.write('packed without the prebuilt binding for Linux x64, as requested\n');
  else {
    process.stderr.write(
      `The package would have no prebuilt binding for Linux x64 (${file === undefined ? note : `this is ${platform}`}), and its users would need a C++ compiler. Pack it on Linux x64 with native TensorFlow (pnpm engine install) and a C++ compiler, or set NONLOCAL_MED_WITHOUT_BINDING=1 to pack it without.\n`,
    );
    process.exitCode = 1;
  }
}
