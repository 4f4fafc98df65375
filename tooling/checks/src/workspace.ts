import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));

/** What the checks read of a package.json. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly description?: string;
  readonly license?: string;
  readonly type?: string;
  readonly engines?: { readonly node?: string };
  readonly exports?: Record<string, unknown>;
  readonly files?: readonly string[];
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** A workspace package: its folder relative to the root, e.g. `packages/core`. */
export interface WorkspacePackage {
  readonly folder: string;
  readonly shortName: string;
  readonly manifest: Manifest;
}

/** The packages of one top-level folder, in alphabetic order. */
export function listPackages(parent: 'packages' | 'apps'): WorkspacePackage[] {
  return readdirSync(join(root, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => ({
      folder: `${parent}/${entry.name}`,
      shortName: entry.name,
      manifest: JSON.parse(
        readFileSync(join(root, parent, entry.name, 'package.json'), 'utf8'),
      ) as Manifest,
    }));
}

/** What is published: all packages, and the program. */
export function listPublished(): WorkspacePackage[] {
  return [...listPackages('packages'), ...listPackages('apps')].filter(
    ({ manifest }) => manifest.private !== true,
  );
}

/** Source files of a package, relative to the root; tests and what only tests use only on request. */
export function sourceFiles(folder: string, { tests = false }: { tests?: boolean } = {}): string[] {
  return readdirSync(join(root, folder, 'src'), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/src/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.generated.ts'))
    .filter((file) => tests || !(file.endsWith('.test.ts') || file.includes('/src/testing')));
}

/** Files with one of some extensions below a folder that is not a package with `src`, relative to the root. */
export function listScripts(folder: string, extensions: RegExp): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    // The links in node_modules lead through the whole workspace, again and again.
    if (entry.isDirectory())
      return entry.name === 'node_modules' ? [] : listScripts(path, extensions);
    return extensions.test(entry.name) ? [path] : [];
  });
}

/** Every document but the glossary, which lists what it replaces, and the changelogs. */
export function listMarkdown(): string[] {
  return ['.', 'docs', 'docs/decisions', 'benchmarks', 'examples', '.changeset', ...folders()]
    .flatMap((folder) =>
      readdirSync(join(root, folder))
        .filter((file) => file.endsWith('.md') && file !== 'CHANGELOG.md')
        .map((file) => posix.join(folder, file)),
    )
    .filter((file) => file !== 'docs/glossary.md');
}

const folders = (): string[] =>
  [...listPackages('packages'), ...listPackages('apps')].map(({ folder }) => folder);
