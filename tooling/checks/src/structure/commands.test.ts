import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { createProgram as createEval } from '../../../../apps/eval/dist/program.js';
import { createProgram as createTrainer } from '../../../../apps/trainer/dist/program.js';
import { listPackages, root, sourceFiles } from '../workspace.js';

/** What these checks read of commander's commands. */
interface Command {
  readonly commands: readonly Command[];
  readonly options: readonly { readonly long?: string }[];
  name(): string;
}

const context = { signal: new AbortController().signal };
const built = (app: string): string => join(root, 'apps', app, 'dist/program.js');
/** The published program is a bundle without types. */
const { createProgram: createPublished } = (await import(built('nonlocal-med'))) as {
  readonly createProgram: (given: typeof context) => Command;
};
const programs: readonly Command[] = [
  createTrainer(context),
  createEval(context),
  createPublished(context),
];

/** The words that call each command, without the program's name. */
function commandsOf(command: Command, words: readonly string[] = []): string[][] {
  const below = command.commands.flatMap((inner) => commandsOf(inner, [...words, inner.name()]));
  return [[...words], ...below];
}

const flagsOf = (command: Command): string[] => [
  ...command.options.flatMap(({ long }) => (long === undefined ? [] : [long])),
  ...command.commands.flatMap(flagsOf),
];

/** Prints the CommonJS modules that a process has loaded, TF.js and sharp among them, when it ends. */
const listModules = `data:text/javascript,${encodeURIComponent(
  "import { createRequire } from 'node:module'; const { cache } = createRequire('file:///x.js'); process.on('exit', () => process.stderr.write(Object.keys(cache).join('\\n')));",
)}`;

function runWithModules(parameters: readonly string[]): { stdout: string; modules: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', listModules, ...parameters],
    { encoding: 'utf8', cwd: root },
  );
  expect(status).toBe(0);
  return { stdout, modules: stderr };
}

/** The help of every command of a program, printed by one process, and the modules that it has loaded in the end. */
function helpOf(program: Command): { help: readonly string[]; modules: string } {
  const lines = commandsOf(program).map((words) => ['node', program.name(), ...words, '--help']);
  const { stdout, modules } = runWithModules([
    '--input-type=module',
    '--eval',
    `import { createProgram } from ${JSON.stringify(pathToFileURL(built(program.name())).href)};
    import { parseCommandLine } from ${JSON.stringify(import.meta.resolve('@nonlocal-med/terminal'))};
    for (const line of ${JSON.stringify(lines)}) {
      await parseCommandLine(createProgram({ signal: new AbortController().signal }), line);
      process.stdout.write('\\f');
    }`,
  ]);
  return { help: stdout.split('\f').slice(0, -1), modules };
}

const HEAVY = /@tensorflow|[/\\]sharp[/\\]|opentype|[/\\]yaml[/\\]/;

describe.each(programs.map((program) => [program.name(), program] as const))(
  'help of %s',
  (name, program) => {
    const { help, modules } = helpOf(program);

    it.each(commandsOf(program).map((words, index) => [words.join(' '), index] as const))(
      'fits 80 columns: %s',
      (words, index) => {
        expect(help[index]).toContain(`Usage: ${[name, words].filter(Boolean).join(' ')} `);
        const lines = help[index].split('\n').filter((line) => !isAbsolute(line)); // a path stays whole
        expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
      },
    );

    it('loads neither TF.js nor a decoder nor a YAML parser', () => {
      expect(modules).toMatch(/commander/);
      expect(modules).not.toMatch(HEAVY);
    });
  },
);

it('other commands load TF.js, which the checks of help would see', () => {
  expect(
    runWithModules([built('trainer').replace('program.js', 'main.js'), 'options', 'seed']).modules,
  ).toMatch(HEAVY);
});

/** Flags of programs other than ours, by the text before them. */
const FOREIGN = /\b(pip|gdcmconv|pnpm|npx|npm|git|node|python3?) .*?(start|$)|--filter/gm;

/** The literals and templates of a source file that contain a flag. */
function textsWithFlags(file: string): string[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(root, file), 'utf8'),
    ts.ScriptTarget.ES2023,
    true,
  );
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) {
      const text = node.getText(source);
      if (/(^|[\s'"`(])--[a-z]/.test(text)) found.push(text.slice(1, -1));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

describe('flags in messages', () => {
  const known = new Set(['--help', ...programs.flatMap(flagsOf)]);
  // Engine, git, Slurm and Node have other flags; properties of style sheets look like flags.
  const files = [...listPackages('packages'), ...listPackages('apps')]
    .filter(({ shortName }) => shortName !== 'engine')
    .flatMap(({ folder }) => sourceFiles(folder))
    .filter(
      (file) =>
        !/pageStyle\.ts$|\/page\/(figure|client)\/|(confusionSection|detailView)\.ts$|describeEnvironment\.ts$|\/slurm\/|readSpreadsheet\.ts$/.test(
          file,
        ),
    );

  it('are flags that a command has', () => {
    const mentioned = files.flatMap((file) =>
      textsWithFlags(file).flatMap((text) =>
        [...text.replace(FOREIGN, '').matchAll(/(?<![\w-])--[a-z][a-z-]*[a-z]/g)].map(
          ([flag]) => [file, flag] as const,
        ),
      ),
    );
    expect(mentioned.length).toBeGreaterThan(100);
    expect(
      mentioned.filter(([, flag]) => !known.has(flag)).map(([file, flag]) => `${file}: ${flag}`),
    ).toEqual([]);
  });
});
