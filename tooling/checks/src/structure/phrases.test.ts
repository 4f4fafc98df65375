import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { listMarkdown, listPackages, listScripts, root, sourceFiles } from '../workspace.js';

/** Phrases that a native reader stumbles over, and what to write instead; docs/glossary.md has the terms. */
const phrases: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [
    /\bis no (run|number|folder|CSV|file|image|integer|model|data set|experiment)\b/,
    'is not a ...',
  ],
  [/\bstands? (beside|twice|a second time|against)\b/, 'conflicts with, is listed twice'],
  [/\bgoes on with\b|\bgo on with\b/, 'resumes, continues'],
  [
    /\b(train(ing)?|validation|test) sides?\b|\bsides? of (the|a|one) split\b|\bone side\b/,
    'test set, split',
  ],
  [
    /\b(images|files|operations|steps|rows|numbers|passes|events|values|probabilities|probability|core|patient|machine|row) an? (step|epoch|run|image|process|class|line|map|model|second|core)\b/,
    'per',
  ],
  [/\bonce a (process|machine|run|step)\b/, 'once per'],
  [/\bwhole numbers?\b/, 'integer'],
  [/\basked for\b/, 'requested'],
  [/\bembedded images\b/, 'built-in synthetic images'],
  [/\bto the bit\b/, 'bit for bit'],
  [/\bpassed over\b/, 'skipped'],
  [/\bwhere the numbers run\b/i, 'compute backend'],
  [/\b(chosen|selected) epoch\b/, 'best checkpoint'],
  [/\b(drawn|embedded) (image|picture|data)/, 'synthetic, generated'],
  [/\bpictures?\b/, 'image, figure'],
  [/\bno more than (noise|chance)\b/, 'not statistically significant'],
  [/\bof (its|their) own\b/, 'separate, its ...'],
  [/\b(be|is|was|are) (had|told)\b/, 'available, reported'],
  [/\bevery so many\b|\bso many (steps|seconds|images)\b/, 'every N'],
];

/** Values in files that earlier versions wrote, which stay as they are. */
const recordedValues = ["'no more than noise'"];

/** Strings that people read: literals and templates of the sources that contain a space; not tests, not imports. */
function stringsOf(file: string): { line: number; text: string }[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(root, file), 'utf8'),
    ts.ScriptTarget.ES2023,
    true,
  );
  const found: { line: number; text: string }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) {
      const text = node.getText(source);
      if (text.includes(' ') && !recordedValues.includes(text))
        found.push({ line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1, text });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const offending = (file: string, line: number, text: string): string[] =>
  phrases
    .filter(([pattern]) => pattern.test(text))
    .map(
      ([pattern, instead]) =>
        `${file}:${line}: "${pattern.exec(text)![0]}" (write: ${instead}) in ${text.slice(0, 100)}`,
    );

describe('the English that users read', () => {
  it.each([...listPackages('packages'), ...listPackages('apps')].map(({ folder }) => [folder]))(
    'of %s has none of the phrases the glossary replaces',
    (folder) => {
      expect(
        sourceFiles(folder).flatMap((file) =>
          stringsOf(file).flatMap(({ line, text }) => offending(file, line, text)),
        ),
      ).toEqual([]);
    },
  );

  it.each([
    ['benchmarks', listScripts('benchmarks', /\.mjs$/)],
    ['tooling/testing', listScripts('tooling/testing/src', /\.ts$/)],
  ])('of %s has none of them either', (_, files) => {
    expect(files.length).toBeGreaterThan(5);
    expect(
      files.flatMap((file) =>
        stringsOf(file).flatMap(({ line, text }) => offending(file, line, text)),
      ),
    ).toEqual([]);
  });

  it('of the documents has none of them either', () => {
    expect(
      listMarkdown().flatMap((file) =>
        readFileSync(join(root, file), 'utf8')
          .split('\n')
          .flatMap((text, index) => offending(file, index + 1, text)),
      ),
    ).toEqual([]);
  });
});
