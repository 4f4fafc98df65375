import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { listPackages, root } from '../workspace.js';

const script = fileURLToPath(new URL('../metadata.js', import.meta.url));
const metadata = (...parameters: string[]) => {
  const { status, stderr } = spawnSync(process.execPath, [script, ...parameters], {
    encoding: 'utf8',
  });
  return { status, stderr };
};

/** A repository with one published and one private package. */
function repository(shared: Record<string, unknown>): string {
  const folder = mkdtempSync(join(tmpdir(), 'metadata-'));
  const write = (name: string, manifest: unknown) => {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, 'package.json'), JSON.stringify(manifest));
  };
  write('.', { private: true, author: 'the authors', ...shared });
  const one = { name: 'one', description: 'One.', keywords: ['one'], license: 'MIT' };
  write('packages/one', { ...one, type: 'module', files: ['dist', 'CHANGELOG.md'] });
  write('packages/two', { name: 'two', private: true });
  return folder;
}

const manifestOf = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'packages/one/package.json'), 'utf8')) as unknown;

describe('what npm shows of a package', () => {
  it('agrees in this repository', () => {
    expect(metadata('--check')).toEqual({ status: 0, stderr: '' });
  });

  it('is copied from the root', () => {
    const folder = repository({ repository: 'https://example.org/group/name' });
    expect(metadata('--check', folder).stderr).toContain(
      'packages/one/package.json: "repository" differs from the root\'s; run `pnpm metadata`',
    );
    expect(metadata(folder)).toEqual({ status: 0, stderr: '' });
    expect(manifestOf(folder)).toEqual({
      name: 'one',
      description: 'One.',
      keywords: ['one'],
      license: 'MIT',
      author: 'the authors',
      homepage: 'https://example.org/group/name/tree/main/packages/one#readme',
      repository: {
        type: 'git',
        url: 'git+https://example.org/group/name.git',
        directory: 'packages/one',
      },
      bugs: 'https://example.org/group/name/issues',
      type: 'module',
      files: ['dist', 'CHANGELOG.md'],
    });
    expect(metadata('--release', folder)).toEqual({ status: 0, stderr: '' });
  });

  it('is refused for a release without the address of the repository, with what to set', () => {
    const { status, stderr } = metadata('--release', repository({}));
    expect(status).toBe(1);
    expect(stderr).toMatch(/^package\.json: "repository" is not set.*https:\/\/github\.com\/OWNER/);
  });

  it('is refused if the address is not one', () => {
    const folder = repository({ repository: 'group/name' });
    expect(metadata('--check', folder).stderr).toContain('"repository" is "group/name", not');
  });
});

describe.each(listPackages('packages').map(({ folder }) => folder))('%s/README.md', (folder) => {
  it('links to nothing outside the package, which an npm page could not open', () => {
    const readme = readFileSync(join(root, folder, 'README.md'), 'utf8');
    const targets = [...readme.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);
    expect(targets.filter((target) => !/^(https:|#|\.\/|LICENSE)/.test(target))).toEqual([]);
  });
});
