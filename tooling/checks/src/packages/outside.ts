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

/**
 * Creates a project outside the workspace and installs in it: packages of this repository from their tarballs, wherever
 * they appear in the tree, others from the registry in their newest version. No scripts of packages are run.
 * @returns what the package manager wrote
 */
export function createProject(
  folder: string,
  install: readonly string[],
  { manager, tarballs }: { readonly manager: Manager; readonly tarballs: Tarballs },
): string {
  mkdirSync(folder, { recursive: true });
  const direct = (name: string) => (tarballs.has(name) ? `file:${tarballs.get(name)}` : 'latest');
  const dependencies = Object.fromEntries(install.map((name) => [name, direct(name)]));
  const everywhere = Object.fromEntries(
    [...tarballs].map(([name, file]) => [name, `file:${file}`] as const),
  );
  const manifest = { name: 'outside', private: true, type: 'module', dependencies };
  const write = (file: string, value: unknown) =>
    writeFileSync(join(folder, file), JSON.stringify(value, undefined, 2));
  if (manager === 'npm') {
    const overrides = Object.fromEntries(
      Object.entries(everywhere).map(([name, file]) => [
        name,
        name in dependencies ? `$${name}` : file,
      ]),
    );
    write('package.json', { ...manifest, overrides });
    const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
    return run('npm', ['install', '--prefer-offline', ...quiet], folder);
  }
  if (manager === 'pnpm') {
    write('package.json', manifest);
    write('pnpm-workspace.yaml', { packages: ['.'], overrides: everywhere });
    return run('pnpm', ['install', '--no-frozen-lockfile', '--prefer-offline'], folder);
  }
  write('package.json', { ...manifest, resolutions: everywhere });
  write('.yarnrc.yml', { nodeLinker: 'node-modules', enableImmutableInstalls: false });
  writeFileSync(join(folder, 'yarn.lock'), '');
  return run('npx', ['--yes', '@yarnpkg/cli-dist@4', 'install'], folder);
}

/** Compiles the TypeScript files of a project with strict settings, as Node loads them, into the folder `built`. */
export function compileProject(folder: string): string {
  const checks = join(root, 'tooling/checks');
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        strict: true,
        module: 'nodenext',
        target: 'es2023',
        skipLibCheck: true,
        rootDir: '.',
        outDir: 'built',
        types: ['node'],
        typeRoots: [join(checks, 'node_modules/@types')],
      },
      include: ['*.ts'],
    }),
  );
  const tsc = join(checks, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', '.'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return stdout.trim();
}
