// Runs before the package is packed. Copies the parts of @tensorflow/tfjs-node-gpu that are used, because a dependency
// on it would run its installer on the user's machine, which downloads another TensorFlow. Compiles the binding for this
// platform, so that users need no compiler; skipped without a compiler or an installation that provides the headers.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = dirname(
  createRequire(import.meta.url).resolve('@tensorflow/tfjs-node-gpu/package.json'),
);
const target = fileURLToPath(new URL('../vendor/tfjs-node-gpu', import.meta.url));
const { name, version, license } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
const present = existsSync(target)
  ? JSON.parse(readFileSync(join(target, 'package.json'), 'utf8')).version
  : undefined;

if (present !== version) {
  const partial = `${target}.${process.pid}`;
  for (const part of [
    'binding',
    'dist/kernels',
    'dist/proto/api_pb.js',
    'dist/io/file_system.js',
    'dist/io/io_utils.js',
    'dist/int64_tensors.js',
    'dist/nodejs_kernel_backend.js',
    'dist/register_all_kernels.js',
  ]) {
    mkdirSync(dirname(join(partial, part)), { recursive: true });
    cpSync(join(source, part), join(partial, part), {
      recursive: true,
      filter: (file) => !/_test\.|\.d\.ts$/.test(file),
    });
  }
  writeFileSync(
    join(partial, 'package.json'),
    `${JSON.stringify({ name, version, license, private: true }, undefined, 2)}\n`,
  );
  rmSync(target, { recursive: true, force: true });
  renameSync(partial, target);
}

const { prebuildBinding } = await import('../dist/install/prebuiltBinding.js');
process.stderr.write(`${await prebuildBinding()}\n`);
