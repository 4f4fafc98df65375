import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Example, examplesOf, promisedLines } from '../examples.js';
import { readmeExample } from '../readmeExamples.js';
import { listPublished, type Manifest, root } from '../workspace.js';
import { compileProject, createProject, packPackages, run, type Tarballs } from './outside.js';

const packages = listPublished();
const folder = mkdtempSync(join(tmpdir(), 'nonlocal-med-packages-'));
/** Of one package: what its README says to install. */
const projectOf = (name: string, manager: string) => join(folder, manager, name.split('/').at(-1)!);
/** With all packages, for the examples in docstrings. */
const everything = join(folder, 'everything');
let tarballs: Tarballs;

const readmeOf = (source: string) =>
  readmeExample(readFileSync(join(root, source, 'README.md'), 'utf8'));
const runExample = (file: string, cwd: string) => run(process.execPath, [file], cwd);

beforeAll(() => {
  mkdirSync(join(folder, 'tarballs'));
  tarballs = packPackages(join(folder, 'tarballs'));
}, 600_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const isSlow = process.env.NONLOCAL_MED_SLOW !== undefined;
/** With more imports than others from packages that they do not contain; all are tried with NONLOCAL_MED_SLOW. */
const ALWAYS_WITH_PNPM = ['data', 'explain', 'experiment'].map((name) => `@nonlocal-med/${name}`);

describe.each(packages.map((entry) => [entry.manifest.name, entry] as const))(
  '%s as a tarball',
  (name, { manifest, folder: source }) => {
    const isProgram = name === 'nonlocal-med';
    const readme = readmeOf(source);
    const install = isProgram ? [name] : readme.install;
    const project = projectOf(name, 'npm');
    const installed = join(project, 'node_modules', name);

    it('is installed by npm as its README says', () => {
      expect(install).toContain(name);
      createProject(project, install, { manager: 'npm', tarballs });
    }, 300_000);

    it('declares nothing that exists only inside this workspace', () => {
      const packed = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Manifest;
      const ranges = { ...packed.dependencies, ...packed.peerDependencies };
      expect(
        Object.entries(ranges).filter(([, range]) => /^(workspace|catalog|file|link):/.test(range)),
      ).toEqual([]);
      for (const [peer, range] of Object.entries(packed.peerDependencies ?? {}))
        if (peer.startsWith('@tensorflow/')) expect([peer, range]).toEqual([peer, '^4.22.0']);
    });

    it('is clean for publint', async () => {
      const tarball = readFileSync(tarballs.get(name)!);
      const { messages, pkg } = await publint({
        pack: {
          tarball: tarball.buffer.slice(
            tarball.byteOffset,
            tarball.byteOffset + tarball.byteLength,
          ),
        },
        strict: true,
      });
      expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
    });

    // A program has nothing to import.
    it.skipIf(isProgram)('resolves with its types for every ESM importer', () => {
      const plain = ['--format', 'ascii', '--no-color', '--no-emoji'];
      run(
        'pnpm',
        ['exec', 'attw', tarballs.get(name)!, '--profile', 'esm-only', ...plain],
        join(root, 'tooling/checks'),
      );
    });

    it('contains what it exports, its licence and its README, and no tests', () => {
      const files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
      expect(files).toEqual(expect.arrayContaining(['package.json', 'README.md', 'LICENSE']));
      expect(files.filter((file) => file.includes('.test.'))).toEqual([]);
      for (const target of Object.values(manifest.exports ?? {})) {
        for (const path of typeof target === 'string'
          ? [target]
          : Object.values(target as Record<string, string>))
          expect(files).toContain(path.slice(2));
      }
    });

    it.runIf(isProgram)('starts, and finds what it needs', () => {
      const npx = (...words: string[]): string =>
        run('npx', ['--no-install', name, ...words], project);
      expect(npx('--version').trim()).toBe(manifest.version);
      expect(npx('models', 'resnet18-nla', '--size', '64')).toContain('resnet18-nla');
      expect(npx('completion', 'bash')).toContain('complete -o default');
    });

    it.skipIf(isProgram)(
      "compiles and runs its README's example with what the README installs",
      () => {
        expect(readme.code, 'a ts block in the README').not.toBe('');
        writeFileSync(join(project, 'example.ts'), readme.code);
        writeFileSync(join(project, 'shown.ts'), readme.shown);
        expect(compileProject(project)).toBe('');
        expect(runExample('built/example.js', project).trim()).not.toBe('');
      },
      300_000,
    );

    it.skipIf(isProgram || !(isSlow || ALWAYS_WITH_PNPM.includes(name)))(
      'is installed by pnpm, which gives code only what is declared, and compiles there',
      () => {
        const strict = projectOf(name, 'pnpm');
        createProject(strict, install, { manager: 'pnpm', tarballs });
        writeFileSync(join(strict, 'shown.ts'), readme.shown);
        expect(compileProject(strict)).toBe('');
        const imports = readme.code.matchAll(/^import (?:[^']* from )?'[^']+';$/gm);
        const values = [...imports].map(([statement]) => statement).filter(isValueImport);
        writeFileSync(join(strict, 'imports.mjs'), `${values.join('\n')}\nconsole.log('loaded');`);
        expect(runExample('imports.mjs', strict)).toContain('loaded');
        const commands =
          readme.commands.length === 0 ? [] : readdirSync(join(strict, 'node_modules/.bin'));
        expect(commands).toEqual(expect.arrayContaining([...readme.commands]));
      },
      300_000,
    );

    it.skipIf(isProgram || !isSlow)(
      'is installed by yarn without a complaint about peers (slow)',
      () => {
        const project = projectOf(name, 'yarn');
        const output = createProject(project, install, { manager: 'yarn', tarballs });
        expect(output).not.toMatch(/YN0002|YN0060|YN0086/);
        writeFileSync(join(project, 'shown.ts'), readme.shown);
        expect(compileProject(project)).toBe('');
      },
      300_000,
    );
  },
);

const isValueImport = (statement: string) => !statement.startsWith('import type');

const examples = packages.flatMap(({ folder: source, manifest }) =>
  examplesOf(source).map((example) => [example.place, manifest.name, example] as const),
);

describe('the examples in docstrings', () => {
  beforeAll(() => {
    const tfjs = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers'];
    createProject(everything, [...tarballs.keys(), ...tfjs], { manager: 'npm', tarballs });
  }, 300_000);

  it('exist', () => expect(examples.length).toBeGreaterThanOrEqual(20));

  it.each(examples)(
    'run outside the workspace and print what they promise: %s',
    (place: string, name: string, { code }: Example) => {
      const file = `${name.split('/')[1]}-${place.replaceAll(/\W/g, '-')}.mjs`;
      writeFileSync(join(everything, file), code);
      const printed = runExample(file, everything)
        .split('\n')
        .map((line) => line.trim());
      expect(promisedLines(code)).not.toEqual([]);
      expect(promisedLines(code).filter((line) => !printed.includes(line.trim()))).toEqual([]);
    },
    300_000,
  );
});
