import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createProgram } from './program.js';

const executable = fileURLToPath(new URL('../bin/nonlocal-med.js', import.meta.url));

/** Runs the built program. */
function run(
  words: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const unset = { NONLOCAL_MED_COMMAND: undefined, npm_command: undefined };
  const env = { ...process.env, ...unset, ...environment };
  return spawnSync(process.execPath, [executable, ...words], { env, encoding: 'utf8' });
}

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

const manifestOf = (file: string): Manifest =>
  JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as Manifest;

describe('nonlocal-med', () => {
  it('has the commands of the trainer and of eval, and its own', () => {
    const { status, stdout } = run(['--help']);
    expect(status).toBe(0);
    const commands = [...stdout.matchAll(/^ {2}([a-z]+) {2,}/gm)].map(([, name]) => name);
    expect(commands).toEqual(
      expect.arrayContaining(
        'train resume experiment evaluate predict explain figure compare report export verify viewer data models options demo doctor engine completion'.split(
          ' ',
        ),
      ),
    );
  });

  it('is described in its README with every command', () => {
    const { commands } = createProgram({ signal: new AbortController().signal });
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const table = readme.slice(readme.indexOf('| command |'));
    const names = commands.map((command) => command.name()).filter((name) => name !== 'complete');
    expect(names.filter((name) => !/^[` ]/.test(table.split(`\`${name}`)[1] ?? ''))).toEqual([]);
  });

  it('brings the pages that its help mentions', () => {
    const [, folder] = /^Pages such as docs\/predict\.md are in\n(.+)$/m.exec(
      run(['--help']).stdout,
    )!;
    let help = '';
    const { commands } = createProgram({ signal: new AbortController().signal });
    for (const command of commands)
      command.configureOutput({ writeOut: (part) => void (help += part) }).outputHelp();
    const mentioned = help.match(/\bdocs\/[a-z-]+\.md\b/g) ?? [];
    expect(mentioned.length).toBeGreaterThan(3);
    expect(mentioned.filter((page) => !existsSync(join(folder, '..', page)))).toEqual([]);
  });

  it('prints its version, and the commands if none is given', () => {
    expect(run(['--version']).stdout).toBe(`${manifestOf('../package.json').version}\n`);
    const { status, stderr } = run([]);
    expect(status).toBe(2);
    expect(stderr).toContain('Usage: nonlocal-med ');
  });

  it('runs commands of both apps, with their exit codes', () => {
    const models = run(['models', 'resnet18-nla', '--json']);
    expect(models.status).toBe(0);
    expect(JSON.parse(models.stdout)).toMatchObject([{ name: 'resnet18-nla' }]);
    const evaluate = run(['evaluate', '/no/such/run']);
    expect(evaluate.status).toBe(2);
    expect(evaluate.stderr).toMatch(/^error: \/no\/such\/run: /);
  });

  it('finds errors of wrong input to be those of its copy of core', () => {
    const { status, stderr } = run(['data', 'check', '--data', '/no/such/folder']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error: data\.path: no such file or folder: "\/no\/such\/folder"/);
  });

  it('names commands as the user types them', () => {
    const empty = { NONLOCAL_MED_CACHE: '/no/such/cache' };
    const where = run(['engine', 'where', '--device', 'cpu'], empty);
    expect(where.stderr).toContain('run "nonlocal-med engine install"');
    const doctor = run(['doctor'], { ...empty, npm_command: 'exec' });
    expect(doctor.status).toBe(1);
    expect(doctor.stdout).toMatch(/^next: npx nonlocal-med engine install$/m);
  });

  it('declares what the two apps depend on, but for what is bundled', () => {
    const declared = manifestOf('../package.json').dependencies;
    for (const app of ['trainer', 'eval']) {
      const { dependencies } = manifestOf(`../../${app}/package.json`);
      const missing = Object.keys(dependencies).filter((name) => !(name in declared));
      expect(missing.filter((name) => !/terminal$|^(viewer|zod|wrap-ansi)$/.test(name))).toEqual(
        [],
      );
    }
  });
});
