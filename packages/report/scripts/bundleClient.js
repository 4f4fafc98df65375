// Bundles the page's script (src/page/client) into a string that the page embeds: src/page/clientScript.generated.ts.
// Usage: node scripts/bundleClient.js [--check]; with --check nothing is written, and an outdated file exits with 1.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const entry = fileURLToPath(new URL('../src/page/client/main.ts', import.meta.url));
const generated = fileURLToPath(new URL('../src/page/clientScript.generated.ts', import.meta.url));

const { outputFiles } = await build({
  entryPoints: [entry],
  bundle: true,
  write: false,
  format: 'iife',
  target: 'es2022',
  charset: 'ascii',
  minify: true,
  legalComments: 'none',
});
const quoted = outputFiles[0].text.trim().replaceAll(/[\\`]|\$\{/g, String.raw`\$&`);
const source = `// Made from client/*.ts by scripts/bundleClient.js; do not edit.
export const clientScript = \`${quoted}\`;
`;

if (!process.argv.includes('--check')) {
  await writeFile(generated, source);
} else if ((await readFile(generated, 'utf8').catch(() => '')) !== source) {
  console.error(`${generated} is outdated; run: node scripts/bundleClient.js`);
  process.exitCode = 1;
}
