// Prints how the code is cut into files and functions, and fails above the targets.
// node src/readability.js [ROOT]
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = process.argv[2] ?? fileURLToPath(new URL('../../..', import.meta.url));

/** Targets over all packages and apps together. */
const targets = {
  medianLines: [45, 80],
  p90Lines: 200,
  shareBelow25: 0.25,
  /** Lines per file on average: a product that does more may have more files, but not smaller ones. */
  averageLines: 80,
  /** Files that a reader opens to follow each flow of docs/flows.md. */
  flows: { A: 16, B: 10, C: 18, D: 15, E: 14 },
};

const folders = ['packages', 'apps'].flatMap((parent) =>
  readdirSync(join(root, parent))
    .filter((name) => existsSync(join(root, parent, name, 'src')))
    .map((name) => `${parent}/${name}`),
);
const measured = folders.map((folder) => ({ folder, files: sourceFiles(folder).map(measureFile) }));
const all = measured.flatMap(({ files }) => files);
const rows = [...measured, { folder: 'all', files: all }].map(describe);
const columns = Object.keys(rows[0]);
const widths = columns.map((column) =>
  Math.max(...[column, ...rows.map((row) => row[column])].map((text) => text.length)),
);
for (const row of [Object.fromEntries(columns.map((column) => [column, column])), ...rows])
  console.log(
    columns
      .map((column, i) => row[column].padEnd(widths[i]))
      .join('  ')
      .trimEnd(),
  );

const failures = [...checkTotals(), ...checkFlows()];
for (const failure of failures) console.error(`above the target: ${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;

function sourceFiles(folder) {
  return readdirSync(join(root, folder, 'src'), { recursive: true, encoding: 'utf8' })
    .map((file) => join(root, folder, 'src', file))
    .filter(
      (file) => file.endsWith('.ts') && !/\.test\.ts$|\.generated\.ts$|\/src\/testing/.test(file),
    );
}

function measureFile(file) {
  const text = readFileSync(file, 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
  const lineOf = (position) => source.getLineAndCharacterOfPosition(position).line;
  const functions = [];
  const imports = [];
  let values = 0;
  let types = 0;
  const visit = (node) => {
    const named =
      ts.isFunctionDeclaration(node) ||
      ts.isMethodDeclaration(node) ||
      ts.isConstructorDeclaration(node);
    const assigned =
      ts.isVariableDeclaration(node) &&
      node.initializer !== undefined &&
      (ts.isArrowFunction(node.initializer) || ts.isFunctionExpression(node.initializer));
    if ((named && node.body !== undefined) || assigned)
      functions.push(lineOf(node.end) - lineOf(node.getStart(source)) + 1);
    ts.forEachChild(node, visit);
  };
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) imports.push(statement.moduleSpecifier.text);
    else if (
      ts.isExportDeclaration(statement) &&
      statement.exportClause !== undefined &&
      ts.isNamedExports(statement.exportClause)
    ) {
      for (const element of statement.exportClause.elements) {
        if (statement.isTypeOnly || element.isTypeOnly) types++;
        else values++;
      }
    } else if (statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) {
      if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) types++;
      else values++;
    }
    visit(statement);
  }
  return { file, lines: text.split('\n').length - 1, functions, imports, values, types };
}

function describe({ folder, files }) {
  const lines = files.map((file) => file.lines);
  const functions = files.flatMap((file) => file.functions);
  const imports = files.map((file) => file.imports.length);
  const index = files.find(
    ({ file }) => relative(join(root, folder), file) === join('src', 'index.ts'),
  );
  return {
    package: folder,
    files: String(files.length),
    lines: String(lines.reduce((sum, count) => sum + count, 0)),
    'file med/p90/max': spread(lines),
    '< 15': share(lines, (count) => count < 15),
    '< 25': share(lines, (count) => count < 25),
    'one value': share(files, ({ values }) => values === 1),
    'fn med/p90/max': spread(functions),
    exports: index === undefined ? '' : `${index.values} + ${index.types}`,
    'imports med/p90/max': spread(imports),
    depth: folder === 'all' ? '' : String(longestChain(files)),
  };
}

function spread(values) {
  return values.length === 0
    ? ''
    : [quantile(values, 0.5), quantile(values, 0.9), Math.max(...values)].join('/');
}

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

function share(values, test) {
  return `${Math.round((100 * values.filter(test).length) / values.length)} %`;
}

/** The longest chain of imports inside a package, in files. */
function longestChain(files) {
  const byPath = new Map(files.map((file) => [file.file, file]));
  const lengths = new Map();
  const lengthOf = (path) => {
    if (!lengths.has(path)) {
      lengths.set(path, 1); // a cycle of type imports ends here
      const inner = byPath
        .get(path)
        .imports.filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => join(dirname(path), specifier).replace(/\.js$/, '.ts'));
      lengths.set(path, 1 + Math.max(0, ...inner.filter((next) => byPath.has(next)).map(lengthOf)));
    }
    return lengths.get(path);
  };
  return Math.max(...files.map(({ file }) => lengthOf(file)));
}

function checkTotals() {
  const lines = all.map((file) => file.lines);
  const average = lines.reduce((sum, count) => sum + count, 0) / lines.length;
  const median = quantile(lines, 0.5);
  const p90 = quantile(lines, 0.9);
  const small = lines.filter((count) => count < 25).length / lines.length;
  const [least, most] = targets.medianLines;
  return [
    median < least || median > most
      ? `median of ${median} lines per file (${least} to ${most})`
      : '',
    p90 > targets.p90Lines ? `p90 of ${p90} lines per file (at most ${targets.p90Lines})` : '',
    small > targets.shareBelow25
      ? `${(100 * small).toFixed(1)} % of files under 25 lines (at most ${100 * targets.shareBelow25} %)`
      : '',
    average < targets.averageLines
      ? `${average.toFixed(0)} lines per file on average (at least ${targets.averageLines})`
      : '',
  ].filter(Boolean);
}

/** The flows of docs/flows.md: each file exists, is imported by a file named before it, and no list is too long. */
function checkFlows() {
  const document = join(root, 'docs/flows.md');
  if (!existsSync(document)) return ['docs/flows.md is missing'];
  const sections = readFileSync(document, 'utf8').split(/^## /m).slice(1);
  console.log('');
  return sections.flatMap((section) => {
    const title = section.split('\n', 1)[0];
    const files = [...section.matchAll(/^\d+\. `([^`]+)`/gm)].map(([, file]) => file);
    const named = [...section.matchAll(/`((?:packages|apps)\/[^`]+\.ts)`/g)].map(
      ([, file]) => file,
    );
    const limit = targets.flows[title[0]];
    const missing = named.filter((file) => !existsSync(join(root, file)));
    const lines = files
      .filter((file) => !missing.includes(file))
      .map((file) => readFileSync(join(root, file), 'utf8').split('\n').length - 1);
    console.log(
      `flow ${title}: ${files.length} files (at most ${limit}), ${lines.reduce((sum, count) => sum + count, 0)} lines; ${named.length} with the files around them`,
    );
    return [
      ...missing.map((file) => `flow ${title[0]}: ${file} does not exist`),
      ...(missing.length > 0 ? [] : findUnreached(files, named)).map(
        (file) => `flow ${title[0]}: ${file} is not imported by a file named before it`,
      ),
      ...(files.length > limit
        ? [`flow ${title[0]}: ${files.length} files (at most ${limit})`]
        : []),
    ];
  });
}

/** Files of a flow that neither the files before them nor those around the flow import. */
function findUnreached(files, named) {
  const around = named.filter((file) => !files.includes(file));
  return files.filter((file, index) => {
    const before = [...files.slice(0, index), ...around];
    return index > 0 && !before.some((earlier) => importedFiles(earlier).has(file));
  });
}

/**
 * The files that a file imports, relative to the root: by path, by a name from a package's barrel, or by a path in a text,
 * as workers are started.
 */
function importedFiles(file) {
  const source = parse(file);
  const found = new Set();
  const add = (specifier) => found.add(join(dirname(file), specifier).replace(/\.js$/, '.ts'));
  const visit = (node) => {
    if (ts.isStringLiteral(node) && /^\.{1,2}\/.*\.js$/.test(node.text)) add(node.text);
    if (ts.isImportDeclaration(node) && node.moduleSpecifier.text.startsWith('@nonlocal-med/')) {
      const [, name, entry = 'index'] = node.moduleSpecifier.text.split('/');
      const names = node.importClause?.namedBindings?.elements ?? [];
      const barrel = barrelOf(`packages/${name}/src/${entry}.ts`);
      for (const { name: local, propertyName } of names)
        found.add(barrel.get((propertyName ?? local).text));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The file that defines each name a barrel exports. */
function barrelOf(file) {
  if (!existsSync(join(root, file))) return new Map();
  return new Map(
    parse(file).statements.flatMap((statement) =>
      ts.isExportDeclaration(statement) && statement.exportClause?.elements
        ? statement.exportClause.elements.map(({ name }) => [
            name.text,
            join(dirname(file), statement.moduleSpecifier.text).replace(/\.js$/, '.ts'),
          ])
        : [],
    ),
  );
}

function parse(file) {
  const text = readFileSync(join(root, file), 'utf8');
  return ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
}
