import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Example, examplesOf, promisedLines } from '../examples.js';
import { listPackages, type Manifest, root } from '../workspace.js';

const packages = [
  ...listPackages('packages'),
  ...listPackages('apps').filter(({ manifest }) => manifest.private !== true),
];
const folder = mkdtempSync(join(tmpdir(), 'nonlocal-med-packages-'));
const project = join(folder, 'project');
const tarballs = new Map<string, string>();
const run = (command: string, parameters: readonly string[], cwd: string): string =>
  execFileSync(command, parameters, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: '', NODE_OPTIONS: '' },
  });

beforeAll(() => {
  for (const { folder: source, manifest } of packages) {
    run('pnpm', ['pack', '--pack-destination', folder], join(root, source));
    const name = manifest.name.replace('@', '').replace('/', '-');
    tarballs.set(
      manifest.name,
      join(
        folder,
        readdirSync(folder).find((file) => file.startsWith(`${name}-${manifest.version}`)) ?? '',
      ),
    );
  }
  const dependencies = {
    ...Object.fromEntries([...tarballs].map(([name, file]) => [name, `file:${file}`])),
    '@tensorflow/tfjs': '4.22.0',
    '@tensorflow/tfjs-core': '4.22.0',
    '@tensorflow/tfjs-layers': '4.22.0',
  };
  const overrides = Object.fromEntries([...tarballs.keys()].map((name) => [name, `$${name}`]));
  execFileSync('mkdir', ['-p', project]);
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify(
      { name: 'outside', private: true, type: 'module', dependencies, overrides },
      null,
      2,
    ),
  );
  run(
    'npm',
    ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'],
    project,
  );
}, 600_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(packages.map(({ manifest }) => [manifest.name, manifest] as const))(
  '%s as a tarball',
  (name, manifest) => {
    const isProgram = name === 'nonlocal-med';

    it('declares nothing that exists only inside this workspace', () => {
      const packed = JSON.parse(
        readFileSync(join(project, 'node_modules', name, 'package.json'), 'utf8'),
      ) as Manifest;
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
      const attw = (): string =>
        run(
          'pnpm',
          [
            'exec',
            'attw',
            tarballs.get(name)!,
            '--profile',
            'esm-only',
            '--format',
            'ascii',
            '--no-color',
            '--no-emoji',
          ],
          join(root, 'tooling/checks'),
        );
      expect(attw).not.toThrow();
    });

    it('contains what it exports, its licence and its README, and no tests', () => {
      const files = readdirSync(join(project, 'node_modules', name), {
        recursive: true,
        encoding: 'utf8',
      });
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
      "runs its README's example",
      () => {
        const readme = readFileSync(join(project, 'node_modules', name, 'README.md'), 'utf8');
        const example = /```(?:ts|js)\n([\s\S]*?)```/.exec(readme)?.[1];
        expect(example, 'a ts or js block in the README').toBeDefined();
        const file = join(project, `${name.split('/')[1]}.mjs`);
        writeFileSync(file, example!);
        const output = execFileSync(process.execPath, [file], {
          cwd: project,
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'pipe'],
          timeout: 240_000,
        });
        expect(output.trim()).not.toBe('');
      },
      300_000,
    );
  },
);

const examples = packages.flatMap(({ folder: source, manifest }) =>
  examplesOf(source).map((example) => [example.place, manifest.name, example] as const),
);

describe('the examples in docstrings', () => {
  it('exist', () => expect(examples.length).toBeGreaterThanOrEqual(20));

  it.each(examples)(
    'run outside the workspace and print what they promise: %s',
    (place: string, name: string, { code }: Example) => {
      const file = join(project, `${name.split('/')[1]}-${place.replaceAll(/\W/g, '-')}.mjs`);
      writeFileSync(file, code);
      const output = execFileSync(process.execPath, [file], {
        cwd: project,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: 240_000,
      });
      const printed = output.split('\n').map((line) => line.trim());
      expect(promisedLines(code)).not.toEqual([]);
      expect(promisedLines(code).filter((line) => !printed.includes(line.trim()))).toEqual([]);
    },
    300_000,
  );
});
