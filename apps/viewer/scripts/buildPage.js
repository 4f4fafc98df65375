// Builds dist/page.html: the whole viewer in one file, without a model. `eval viewer` puts the model of a run into it.
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pageStyles } from '@nonlocal-med/report/page';
import { build } from 'esbuild';

const folder = fileURLToPath(new URL('..', import.meta.url));
const source = (name) => join(folder, 'src', name);

const script = await bundle();
const ownStyle = (await readFile(source('style.css'), 'utf8')).replaceAll(/\/\*[\s\S]*?\*\//g, '');
const style = `${pageStyles.base}\n${pageStyles.data}\n${ownStyle}`.trim();
const hashOf = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
/** The page may run its own script and style, and WebAssembly that it contains; it may load and send nothing. */
const policy = [
  "default-src 'none'",
  `script-src ${hashOf(script)} 'wasm-unsafe-eval'`,
  `style-src ${hashOf(style)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');
const binaries = Object.entries(wasmFiles()).map(async ([name, file]) => {
  const bytes = await readFile(file);
  return `<script type="application/octet-stream" data-file="${name}">${bytes.toString('base64')}</script>`;
});
const filling = {
  policy,
  style: `<style>${style}</style>`,
  binaries: (await Promise.all(binaries)).join('\n'),
  script: `<script>${script}</script>`,
};
const template = await readFile(source('page.html'), 'utf8');
const page = template.replaceAll(/\{\{(\w+)\}\}/g, (_, name) => filling[name]);
await mkdir(join(folder, 'dist'), { recursive: true });
await writeFile(join(folder, 'dist/page.html'), page);

/** The script as one text, which no element of the page may end. */
async function bundle() {
  const { outputFiles } = await build({
    entryPoints: [source('main.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    charset: 'ascii',
    minify: true,
    legalComments: 'none',
    // Parts of TF.js and of the codecs ask for these in Node only.
    external: ['fs', 'path', 'crypto', 'worker_threads', 'perf_hooks', 'os', 'node:*'],
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'warning',
  });
  return outputFiles[0].text.trim();
}

/** WebAssembly modules by the names that the script knows. */
function wasmFiles() {
  const ofViewer = createRequire(import.meta.url);
  const ofData = createRequire(ofViewer.resolve('@nonlocal-med/data'));
  return {
    tensors: join(
      dirname(ofViewer.resolve('@tensorflow/tfjs-backend-wasm')),
      'tfjs-backend-wasm-simd.wasm',
    ),
    charls: ofData.resolve('@cornerstonejs/codec-charls/decodewasm'),
    openjpeg: ofData.resolve('@cornerstonejs/codec-openjpeg/decodewasm'),
    openjph: ofData.resolve('@cornerstonejs/codec-openjph/wasm'),
  };
}
