// Bundles the program into dist: with the commands of the trainer and eval, which are not published, and with what help
// needs, so that it loads a few files instead of 300. The other dependencies of package.json stay imports.
import { copyFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { build } from 'esbuild';

const { dependencies } = JSON.parse(await readFile('package.json', 'utf8'));
/** What the tables of options are made of, from which help takes defaults. */
const FOR_HELP = /^@nonlocal-med\/(core|data\/image|[a-z]+\/options)$/;
const packageOf = (path) => /^(@[^/]+\/)?[^/]+/.exec(path)[0];

await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: ['src/main.ts', 'src/program.ts'],
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  charset: 'utf8',
  legalComments: 'eof',
  plugins: [
    {
      name: 'dependencies-stay-imports',
      setup({ onResolve }) {
        onResolve({ filter: /^[^./]/ }, ({ path }) =>
          packageOf(path) in dependencies && !FOR_HELP.test(path)
            ? { path, external: true }
            : undefined,
        );
      },
    },
    {
      // Its messages in 64 languages are half of zod; ours are English.
      name: 'zod-in-english',
      setup({ onLoad }) {
        onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
          contents: "export { default as en } from './en.js';",
        }));
      },
    },
  ],
});

// Into which the command `viewer` puts a model.
await copyFile(createRequire(import.meta.url).resolve('viewer/page.html'), 'dist/viewer.html');

// The pages that help and messages mention.
await mkdir('dist/docs');
for (const file of await readdir('../../docs'))
  if (file.endsWith('.md')) await copyFile(`../../docs/${file}`, `dist/docs/${file}`);
