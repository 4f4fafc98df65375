import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { examplesOf } from '../examples.js';
import { listPackages, root, sourceFiles } from '../workspace.js';

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

/** Everything outside a package that may use it: other packages, apps, benchmarks, tests' children, documents. */
function outside(folder: string): string {
  const files = [
    ...[...packages, ...listPackages('apps')].flatMap((entry) =>
      entry.folder === folder ? [] : sourceFiles(entry.folder, { tests: true }),
    ),
    ...[
      'benchmarks',
      'tooling/testing/src',
      `${folder}/test`,
      `${folder}/bench`,
      `${folder}/bin`,
    ].flatMap(scripts),
    `${folder}/README.md`,
    'README.md',
    'docs/experiments.md',
  ];
  return [
    ...files.map((file) => readFileSync(join(root, file), 'utf8')),
    ...examplesOf(folder).map(({ code }) => code),
  ].join('\n');
}

function scripts(folder: string): string[] {
  try {
    return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(mjs|ts|js)$/.test(file) && !file.includes('node_modules'))
      .map((file) => `${folder}/${file}`);
  } catch {
    return [];
  }
}

describe('the public surface', () => {
  it.each(packages.map(({ shortName, folder }) => [shortName, folder]))(
    'of %s is what another package, an app, a benchmark or a documented example uses',
    (_, folder) => {
      const text = outside(folder);
      const entries = readdirSync(join(root, folder, 'src')).filter((file) =>
        /^(index|image|model|node|options|page|testing)\.ts$/.test(file),
      );
      const unused = entries
        .flatMap((entry) => exportedValues(`${folder}/src/${entry}`))
        .filter((name) => !new RegExp(`\\b${name}\\b`).test(text));
      expect(unused).toEqual([]);
    },
  );
});
