// Copies the parts of tfjs-node that the engine runs, since a dependency on it would run its installer on the user's
// machine, which downloads another TensorFlow. The copies import tfjs-core in place of all of tfjs.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const PARTS = [
  'binding',
  'dist/kernels',
  'dist/proto/api_pb.js',
  'dist/io/file_system.js',
  'dist/io/io_utils.js',
  'dist/int64_tensors.js',
  'dist/nodejs_kernel_backend.js',
  'dist/register_all_kernels.js',
];

/** What distinguishes the copies, in their package.json. */
export const CHANGES = 'imports tfjs-core in place of tfjs';

/** Kernels that call methods of tensors that tfjs adds to those of tfjs-core, and the functions in their place. */
const REPLACEMENTS = {
  'kernels/ArgMax.js': [['x.toInt()', "(0, tfjs_1.cast)(x, 'int32')"]],
  'kernels/ArgMin.js': [['x.toInt()', "(0, tfjs_1.cast)(x, 'int32')"]],
  'kernels/Exp.js': [['x.toFloat()', "(0, tfjs_1.cast)(x, 'float32')"]],
  'kernels/Prelu.js': [
    [
      'alpha.mul(x.sub((0, tfjs_1.abs)(x))).mul(0.5)',
      '(0, tfjs_1.mul)((0, tfjs_1.mul)(alpha, (0, tfjs_1.sub)(x, (0, tfjs_1.abs)(x))), 0.5)',
    ],
    ['pos.add(neg)', '(0, tfjs_1.add)(pos, neg)'],
  ],
};

/**
 * Copies the backend from the package `@tensorflow/tfjs-node-gpu` in `source` to the new folder `target`.
 * @throws Error if a kernel does not contain what is to be replaced
 */
export function vendorBackend(source, target) {
  for (const part of PARTS) {
    mkdirSync(dirname(join(target, part)), { recursive: true });
    cpSync(join(source, part), join(target, part), {
      recursive: true,
      filter: (file) => !/_test\.|\.d\.ts$/.test(file),
    });
  }
  const scripts = readdirSync(join(target, 'dist'), { recursive: true, encoding: 'utf8' });
  for (const name of scripts.filter((file) => file.endsWith('.js'))) {
    const file = join(target, 'dist', name);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, onTfjsCore(text, name.replaceAll('\\', '/')));
  }
  const { name, version, license } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
  writeFileSync(
    join(target, 'package.json'),
    `${JSON.stringify({ name, version, license, private: true, changes: CHANGES }, undefined, 2)}\n`,
  );
}

function onTfjsCore(text, name) {
  let changed = text.replaceAll('require("@tensorflow/tfjs")', 'require("@tensorflow/tfjs-core")');
  for (const [from, to] of REPLACEMENTS[name] ?? []) {
    if (!changed.includes(from)) throw new Error(`${name} of tfjs-node does not contain ${from}`);
    changed = changed.replace(from, to);
  }
  return changed;
}
