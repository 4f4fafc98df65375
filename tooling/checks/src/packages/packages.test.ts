import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Analysis,
  checkPackage,
  createPackageFromTarballData,
  type Problem,
} from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Example, examplesOf, promisedLines } from '../examples.js';
import { readmeExample } from '../readmeExamples.js';
import { listPublished, type Manifest, root } from '../workspace.js';
import {
  compileProjects,
  createProject,
  createProjects,
  packPackages,
  resolveWithNpm,
  run,
  type Tarballs,
} from './outside.js';
import { type ExampleResult, runExamples } from './runExamples.js';

const packages = listPublished();
const folder = mkdtempSync(join(tmpdir(), 'nonlocal-med-packages-'));
/** All packages, with what each README says to install, by pnpm, and one with all packages for examples in docstrings. */
const projects = join(folder, 'projects');
const EVERYTHING = 'everything';
/** Of one package, by another manager. */
const projectOf = (name: string, manager: string) => join(folder, manager, shortName(name));
const shortName = (name: string) => name.split('/').at(-1)!;
let tarballs: Tarballs;
/** Errors in READMEs and docstrings, each line beginning with the name of the project. */
let compileErrors: string[];

const readmeOf = (source: string) =>
  readmeExample(readFileSync(join(root, source, 'README.md'), 'utf8'));
const isProgram = (name: string) => name === 'nonlocal-med';
const installOf = (name: string, source: string) =>
  isProgram(name) ? [name] : readmeOf(source).install;
const runExample = (file: string, cwd: string) => run(process.execPath, [file], cwd);
/** Of a project, or of a file of one. */
const errorsIn = (place: string) =>
  compileErrors.filter((line) => line.startsWith(`${place}/`) || line.startsWith(`${place}(`));

const examples = packages.flatMap(({ folder: source, manifest }) =>
  examplesOf(source).map((example) => [example.place, manifest.name, example] as const),
);
/** Without types, parameters and indices are implicitly `any`. */
const IMPLICIT_ANY = /: error TS70(06|31|53):/;
/** They need a cast, or build a record of which they show only what matters. */
const NOT_STRICT = ['nonLocalContextFusion.ts', 'summarizeExperiment.ts'];
const fileOf = (place: string, name: string) =>
  `${shortName(name)}-${place.replaceAll(/\W/g, '-')}`;

beforeAll(() => {
  mkdirSync(join(folder, 'tarballs'));
  tarballs = packPackages(join(folder, 'tarballs'));
  const imported = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers', 'sharp'];
  const installs = packages.map(
    ({ folder: source, manifest: { name } }) => [shortName(name), installOf(name, source)] as const,
  );
  const everything = [EVERYTHING, [...tarballs.keys(), ...imported]] as const;
  createProjects(projects, new Map([...installs, everything]), tarballs);
  for (const { folder: source, manifest } of packages) {
    const { code, shown } = readmeOf(source);
    if (isProgram(manifest.name)) continue;
    writeFileSync(join(projects, shortName(manifest.name), 'example.ts'), code);
    writeFileSync(join(projects, shortName(manifest.name), 'shown.ts'), shown);
  }
  for (const [place, name, { code }] of examples)
    for (const kind of ['ts', 'mjs'])
      writeFileSync(join(projects, EVERYTHING, `${fileOf(place, name)}.${kind}`), code);
  compileErrors = compileProjects(projects);
}, 600_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const isSlow = process.env.NONLOCAL_MED_SLOW !== undefined;
describe.each(packages.map((entry) => [entry.manifest.name, entry] as const))(
  '%s as a tarball',
  (name, { manifest, folder: source }) => {
    const readme = readmeOf(source);
    const install = installOf(name, source);
    const project = join(projects, shortName(name));
    const installed = join(project, 'node_modules', name);

    it('can be installed by npm as its README says', () => {
      expect(install).toContain(name);
      resolveWithNpm(projectOf(name, 'npm'), install, tarballs);
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
    it.skipIf(isProgram(name))('resolves with its types for every ESM importer', async () => {
      const packed = createPackageFromTarballData(readFileSync(tarballs.get(name)!));
      const analysis = await checkPackage(packed);
      expect(analysis.types).toBeTruthy();
      const { problems } = analysis as Analysis;
      const isEsm = (problem: Problem) =>
        !('resolutionKind' in problem) || !/^node10$|cjs$/.test(problem.resolutionKind);
      expect(problems.filter(isEsm)).toEqual([]);
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

    it.runIf(isProgram(name))(
      'starts where npm installed it, and finds what it needs',
      () => {
        const folder = projectOf(name, 'npm');
        createProject(folder, install, { manager: 'npm', tarballs });
        const npx = (...words: string[]): string =>
          run('npx', ['--no-install', name, ...words], folder);
        expect(npx('--version').trim()).toBe(manifest.version);
        expect(npx('models', 'resnet18-nla', '--size', '64')).toContain('resnet18-nla');
        expect(npx('completion', 'bash')).toContain('complete -o default');
      },
      300_000,
    );

    it.skipIf(isProgram(name))(
      "compiles and runs its README's example with what the README installs",
      () => {
        expect(readme.code, 'a ts block in the README').not.toBe('');
        expect(errorsIn(shortName(name))).toEqual([]);
        expect(runExample('example.js', project).trim()).not.toBe('');
        const commands =
          readme.commands.length === 0 ? [] : readdirSync(join(project, 'node_modules/.bin'));
        expect(commands).toEqual(expect.arrayContaining([...readme.commands]));
      },
      300_000,
    );

    it.skipIf(isProgram(name) || !isSlow).each(['npm', 'yarn'] as const)(
      'is installed by %s without a complaint about peers, compiles and runs there (slow)',
      (manager) => {
        const project = projectOf(name, manager);
        const output = createProject(project, install, { manager, tarballs });
        expect(output).not.toMatch(/YN0002|YN0060|YN0086/);
        writeFileSync(join(project, 'example.ts'), readme.code);
        writeFileSync(join(project, 'shown.ts'), readme.shown);
        expect(compileProjects(project)).toEqual([]);
        expect(runExample('example.js', project).trim()).not.toBe('');
      },
      300_000,
    );
  },
);

describe('the examples in docstrings', () => {
  let results: ReadonlyMap<string, ExampleResult>;
  beforeAll(() => {
    const files = examples.map(([place, name]) => `${fileOf(place, name)}.mjs`);
    results = runExamples(join(projects, EVERYTHING), files);
  }, 600_000);

  it('exist', () => expect(examples.length).toBeGreaterThanOrEqual(20));

  it.each(examples)(
    'compile, run outside the workspace and print what they promise: %s',
    (place: string, name: string, { code }: Example) => {
      const file = fileOf(place, name);
      const errors = errorsIn(`${EVERYTHING}/${file}.ts`).filter(
        (line) => !IMPLICIT_ANY.test(line),
      );
      if (!NOT_STRICT.some((exempt) => place.includes(exempt))) expect(errors).toEqual([]);
      const { printed = '', error } = results.get(`${file}.mjs`) ?? { error: 'was not run' };
      expect(error).toBeUndefined();
      const lines = printed.split('\n').map((line) => line.trim());
      expect(promisedLines(code)).not.toEqual([]);
      expect(promisedLines(code).filter((line) => !lines.includes(line.trim()))).toEqual([]);
    },
  );
});
