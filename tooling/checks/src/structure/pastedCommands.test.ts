import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProgram as createEval } from '../../../../apps/eval/dist/program.js';
import { createProgram as createTrainer } from '../../../../apps/trainer/dist/program.js';
import { listMarkdown, listPackages, root, sourceFiles } from '../workspace.js';

/** What these checks read of commander's commands. */
interface Command {
  readonly commands: readonly Command[];
  readonly options: readonly { readonly long?: string }[];
  name(): string;
}

const context = { signal: new AbortController().signal };
/** The published program is a bundle without types. */
const published = join(root, 'apps/nonlocal-med/dist/program.js');
const { createProgram: createPublished } = (await import(published)) as {
  readonly createProgram: (given: typeof context) => Command;
};
const programs: Readonly<Record<string, Command>> = {
  trainer: createTrainer(context),
  eval: createEval(context),
  'nonlocal-med': createPublished(context),
};

/** Command lines in documents and messages, and calls of `commandLine`, which writes them: app, then words. */
const WRITTEN =
  /(?:pnpm --filter (trainer|eval)\s+start|npx (nonlocal-med)) ?([^\n`#]*)|commandLine\(\s*'(trainer|eval)',\s*'([a-z ]+)'/g;

/** What is wrong with a command line: an unknown command, or flags that its command does not have. */
function problemsOf(app: string, line: string): string[] {
  let command = programs[app];
  const words = line.replaceAll(/"[^"]*"/g, '""').split(/\s+/); // quoted are values, such as options of sbatch
  for (const word of words) {
    const inner = command.commands.find((candidate) => candidate.name() === word);
    if (inner === undefined) break;
    command = inner;
  }
  const [first] = words;
  const isUnknown = command === programs[app] && /^[a-z]+$/.test(first);
  const known = ['--help', ...command.options.map(({ long }) => long)];
  const flags = words.flatMap((word) => /^--[a-z][a-z-]*/.exec(word) ?? []);
  return [
    ...(isUnknown ? [`${app} has no command ${first}`] : []),
    ...flags
      .filter((flag) => !known.includes(flag))
      .map((flag) => `${app} ${command.name()} has no ${flag}`),
  ];
}

const commandsIn = (file: string): [app: string, line: string][] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(WRITTEN)].map(
    ([, app, published, line, called, words]) => [app ?? published ?? called, line ?? words],
  );

describe('commands to paste', () => {
  it.each([
    ['documents', listMarkdown(), 40],
    [
      'messages',
      [...listPackages('packages'), ...listPackages('apps')].flatMap(({ folder }) =>
        sourceFiles(folder),
      ),
      15,
    ],
  ])('in %s exist, with their flags', (_, files, atLeast) => {
    const found = files.flatMap((file) =>
      commandsIn(file).map(([app, line]) => ({ file, app, line })),
    );
    expect(found.length).toBeGreaterThan(atLeast);
    expect(
      found.flatMap(({ file, app, line }) =>
        problemsOf(app, line).map((problem) => `${file}: ${problem}`),
      ),
    ).toEqual([]);
  });

  it('are recognized as wrong', () => {
    expect(problemsOf('eval', 'evaluates runs/first')).toEqual(['eval has no command evaluates']);
    expect(problemsOf('trainer', 'data check --data x --epochs 3')).toEqual([
      'trainer check has no --epochs',
    ]);
    expect(problemsOf('trainer', '--epochs 3')).toEqual([]);
  });
});
