import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listPublished, root } from '../workspace.js';

/** The tarball of every package, by its name. */
export type Tarballs = ReadonlyMap<string, string>;

export type Manager = 'npm' | 'pnpm' | 'yarn';

/** Runs a program and returns what it wrote. @throws Error with its output if it fails */
export function run(command: string, parameters: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, parameters, {
    cwd,
    encoding: 'utf8',
    timeout: 300_000,
    env: { ...process.env, NODE_ENV: '', NODE_OPTIONS: '', NONLOCAL_MED_WITHOUT_BINDING: '1' },
  });
  if (status !== 0)
    throw new Error(
      `${command} ${parameters.join(' ')} ended with ${status ?? error?.message}\n${stdout}\n${stderr}`,
    );
  return stdout + stderr;
}

/** Packs everything that is published into a folder. */
export function packPackages(folder: string): Tarballs {
  return new Map(
    listPublished().map(({ folder: source, manifest }) => {
      run('pnpm', ['pack', '--pack-destination', folder], join(root, source));
      const name = manifest.name.replace('@', '').replace('/', '-');
      const start = `${name}-${manifest.version}`;
      const file = readdirSync(folder).find((entry) => entry.startsWith(start));
      return [manifest.name, join(folder, file ?? `${start}.tgz`)];
    }),
  );
}

/** What is installed in a project: packages of this repository from their tarballs, others from the registry. */
type Install = readonly string[];

interface Source {
  readonly manager: Manager;
  readonly tarballs: Tarballs;
}

/**
 * Creates a project outside the workspace and installs in it: packages of this repository from their tarballs, wherever
 * they appear in the tree, others from the registry in their newest version. No scripts of packages are run.
 * @returns what the package manager wrote
 */
export function createProject(folder: string, install: Install, source: Source): string {
  writeProject(folder, install, source);
  if (source.manager === 'npm') return run('npm', ['install', ...QUIET], folder);
  if (source.manager === 'pnpm') return installWithPnpm(folder);
  return run('npx', ['--yes', '@yarnpkg/cli-dist@4', 'install'], folder);
}

/** Lets npm choose the versions of a project's dependencies, and their peers, without installing them. */
export function resolveWithNpm(folder: string, install: Install, tarballs: Tarballs): void {
  writeProject(folder, install, { manager: 'npm', tarballs });
  run('npm', ['install', '--package-lock-only', ...QUIET], folder);
}

/**
 * Creates several projects, each in a folder of its name, by one installation of pnpm. As in a single project, code gets
 * only what its own project declares.
 */
export function createProjects(
  folder: string,
  projects: ReadonlyMap<string, Install>,
  tarballs: Tarballs,
): void {
  for (const [name, install] of projects)
    writeProject(join(folder, name), install, { manager: 'npm', tarballs });
  writePnpmWorkspace(folder, ['*'], tarballs);
  installWithPnpm(folder);
}

const QUIET = [
  ...['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'],
];

const installWithPnpm = (folder: string): string =>
  run('pnpm', ['install', '--no-frozen-lockfile', '--prefer-offline'], folder);

/** Writes what a package manager reads: the manifest, and where packages of this repository are. */
function writeProject(folder: string, install: Install, { manager, tarballs }: Source): void {
  mkdirSync(folder, { recursive: true });
  const direct = (name: string) => (tarballs.has(name) ? `file:${tarballs.get(name)}` : 'latest');
  const dependencies = Object.fromEntries(install.map((name) => [name, direct(name)]));
  const manifest = { private: true, type: 'module', dependencies };
  if (manager === 'pnpm') {
    writeJson(folder, 'package.json', manifest);
    writePnpmWorkspace(folder, ['.'], tarballs);
  } else if (manager === 'npm') {
    const overrides = [...tarballs].map(([name, file]) => [
      name,
      name in dependencies ? `$${name}` : `file:${file}`,
    ]);
    const byName = Object.fromEntries(overrides) as Readonly<Record<string, string>>;
    writeJson(folder, 'package.json', { ...manifest, overrides: byName });
  } else {
    writeJson(folder, 'package.json', { ...manifest, resolutions: everywhere(tarballs) });
    writeJson(folder, '.yarnrc.yml', {
      nodeLinker: 'node-modules',
      enableImmutableInstalls: false,
    });
    writeFileSync(join(folder, 'yarn.lock'), '');
  }
}

const writePnpmWorkspace = (folder: string, members: readonly string[], tarballs: Tarballs): void =>
  writeJson(folder, 'pnpm-workspace.yaml', { packages: members, overrides: everywhere(tarballs) });

const everywhere = (tarballs: Tarballs): Readonly<Record<string, string>> =>
  Object.fromEntries([...tarballs].map(([name, file]) => [name, `file:${file}`]));

const writeJson = (folder: string, file: string, value: unknown): void =>
  writeFileSync(join(folder, file), JSON.stringify(value, undefined, 2));

/**
 * Compiles the TypeScript files of a project, or of several in one program, with strict settings, as Node loads them. The
 * JavaScript files are written beside them.
 * @returns errors, one per line, each beginning with the path of its file
 */
export function compileProjects(folder: string): string[] {
  const checks = join(root, 'tooling/checks');
  writeJson(folder, 'tsconfig.json', {
    compilerOptions: {
      strict: true,
      module: 'nodenext',
      target: 'es2023',
      skipLibCheck: true,
      types: ['node'],
      typeRoots: [join(checks, 'node_modules/@types')],
    },
    include: ['*.ts', '*/*.ts'],
  });
  const tsc = join(checks, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', '.', '--pretty', 'false'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return stdout.split('\n').filter((line) => line !== '');
}
