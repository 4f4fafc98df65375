import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { arrows, peersOfTfjs } from '../arrows.js';
import { listPackages, root, sourceFiles } from '../workspace.js';

describe.each(listPackages('packages').map((entry) => [entry.shortName, entry] as const))(
  '%s',
  (name, { folder, manifest }) => {
    it('has the shape of every package', () => {
      expect(manifest).toMatchObject({
        name: `@nonlocal-med/${name}`,
        license: 'MIT',
        type: 'module',
        engines: { node: '>=20.19' },
      });
      expect(manifest.description).toMatch(/\w/);
      expect(manifest.private).toBeUndefined();
      expect(Object.keys(manifest.scripts ?? {})).toEqual(
        expect.arrayContaining(['build', 'typecheck', 'lint', 'test']),
      );
    });

    it('declares the workspace packages it may use, and no others', () => {
      const declared = Object.keys(manifest.dependencies ?? {})
        .filter((key) => key.startsWith('@nonlocal-med/'))
        .map((key) => key.slice('@nonlocal-med/'.length));
      expect(declared.filter((key) => !arrows[name].includes(key))).toEqual([]);
    });

    it('takes TF.js as a peer where it computes on tensors', () => {
      const direct = Object.keys(manifest.dependencies ?? {}).filter((key) =>
        key.startsWith('@tensorflow/'),
      );
      if (peersOfTfjs.includes(name)) {
        expect(direct).toEqual([]);
        expect(Object.keys(manifest.peerDependencies ?? {})).toContain('@tensorflow/tfjs-core');
      }
    });

    it('has a README of at most 80 lines with an example', () => {
      const readme = readFileSync(join(root, folder, 'README.md'), 'utf8');
      expect(readme.split('\n').length).toBeLessThanOrEqual(80);
      expect(readme).toMatch(/```(ts|js|sh)\n/);
    });

    it('keeps files short: at most 300 lines, half of them at most 100', () => {
      const lengths = sourceFiles(folder)
        .map((file) => readFileSync(join(root, file), 'utf8').split('\n').length)
        .sort((a, b) => a - b);
      expect(lengths.at(-1)).toBeLessThanOrEqual(300);
      expect(lengths[Math.floor((lengths.length - 1) / 2)]).toBeLessThanOrEqual(100);
    });

    it('has a barrel that is a table of contents', () => {
      const file = join(root, folder, 'src/index.ts');
      expect(existsSync(file)).toBe(true);
      const statements = readFileSync(file, 'utf8')
        .replaceAll(/\/\*[\s\S]*?\*\//g, '')
        .replaceAll(/\/\/.*$/gm, '')
        .split(';')
        .map((text) => text.trim())
        .filter(Boolean);
      expect(
        statements.filter((text) => !/^(export|import) [\s\S]*(from )?'[^']+'$/.test(text)),
      ).toEqual([]);
    });
  },
);
