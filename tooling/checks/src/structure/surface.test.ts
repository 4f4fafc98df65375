import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { examplesOf } from '../examples.js';
import { listPackages, listScripts, root, sourceFiles } from '../workspace.js';

const packages = listPackages('packages');

/** Values that an entry point of a package exports. */
function exportedValues(file: string): string[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(root, file), 'utf8'),
    ts.ScriptTarget.ES2023,
  );
  return source.statements.flatMap((statement) =>
    ts.isExportDeclaration(statement) &&
    !statement.isTypeOnly &&
    statement.exportClause !== undefined &&
    ts.isNamedExports(statement.exportClause)
      ? statement.exportClause.elements
          .filter((element) => !element.isTypeOnly)
          .map((element) => element.name.text)
      : [],
  );
}

/** The words of everything outside a package that may use it: other packages, apps, benchmarks, tests' children, documents. */
function wordsOutside(folder: string): Set<string> {
  const files = [
    ...[...packages, ...listPackages('apps')].flatMap((entry) =>
      entry.folder === folder ? [] : sourceFiles(entry.folder, { tests: true }),
    ),
    ...[
      'benchmarks',
      'tooling/testing/src',
      'apps/viewer/scripts',
      `${folder}/test`,
      `${folder}/bench`,
      `${folder}/bin`,
    ].flatMap(scripts),
    `${folder}/README.md`,
    'README.md',
    'docs/experiments.md',
  ];
  const words = [...files.map(wordsOfFile), ...examplesOf(folder).map(({ code }) => wordsOf(code))];
  return new Set(words.flatMap((found) => [...found]));
}

const wordsOf = (text: string): Set<string> => new Set(text.match(/\w+/g));

const known = new Map<string, Set<string>>();

function wordsOfFile(file: string): Set<string> {
  const words = known.get(file) ?? wordsOf(readFileSync(join(root, file), 'utf8'));
  known.set(file, words);
  return words;
}

const scripts = (folder: string): string[] =>
  existsSync(join(root, folder)) ? listScripts(folder, /\.(mjs|ts|js)$/) : [];

describe('the public surface', () => {
  it.each(packages.map(({ shortName, folder }) => [shortName, folder]))(
    'of %s is what another package, an app, a benchmark or a documented example uses',
    (_, folder) => {
      const words = wordsOutside(folder);
      const entries = readdirSync(join(root, folder, 'src')).filter((file) =>
        /^(browser|index|image|model|node|options|page|testing)\.ts$/.test(file),
      );
      const unused = entries
        .flatMap((entry) => exportedValues(`${folder}/src/${entry}`))
        .filter((name) => !words.has(name));
      expect(unused).toEqual([]);
    },
  );
});
