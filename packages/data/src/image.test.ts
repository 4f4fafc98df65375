import { fileURLToPath } from 'node:url';
import { build as bundle } from 'esbuild';
import { build as viteBuild, type Rolldown } from 'vite';
import { expect, it } from 'vitest';
import * as image from './image.js';
import * as index from './index.js';

const entry = fileURLToPath(new URL('image.ts', import.meta.url));
/** What only Node has. */
const NODE = /\bnode:|\brequire\(|\bsharp\b|piscina|\bBuffer\b|\bprocess\./;

it('is bundled by esbuild for browsers, whole, without anything of Node', async () => {
  const { outputFiles, metafile } = await bundle({
    entryPoints: [entry],
    bundle: true,
    platform: 'browser',
    format: 'esm',
    treeShaking: false,
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  expect(outputFiles[0].text).toContain('preprocess');
  expect(outputFiles[0].text).not.toMatch(NODE);
  const packages = Object.keys(metafile.inputs)
    .filter((file) => file.includes('node_modules/'))
    .map((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)![1]);
  expect([...new Set(packages)]).toEqual(['zod']);
});

it('is bundled by Vite without an externalized module', async () => {
  const warnings: string[] = [];
  const built = await viteBuild({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      lib: { entry, formats: ['es'] },
      rolldownOptions: { onLog: (_, { message }) => void warnings.push(message) },
    },
  });
  const [{ output }] = [built].flat() as Rolldown.RolldownOutput[];
  expect(output).toHaveLength(1);
  expect(output[0].code).toContain('preprocess');
  expect(output[0].code).not.toMatch(NODE);
  expect(output[0].code).not.toContain('__vite-browser-external');
  expect(warnings.filter((text) => text.includes('externalized'))).toEqual([]);
});

it('has the same functions as the entry for Node', () => {
  const shared = Object.keys(image).filter((name) => name in index);
  expect(shared).toEqual(expect.arrayContaining(['clahe', 'preprocess', 'resizeArea', 'toRgb']));
  for (const name of shared as (keyof typeof image & keyof typeof index)[])
    expect(image[name]).toBe(index[name]);
});
