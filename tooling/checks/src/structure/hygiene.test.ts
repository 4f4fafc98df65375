import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../workspace.js';

/** Files git knows or would add, as text; lock file and images left out. The checkout may be another user's, as in containers. */
const files = execFileSync(
  'git',
  ['-c', 'safe.directory=*', 'ls-files', '--cached', '--others', '--exclude-standard'],
  { cwd: root, encoding: 'utf8' },
)
  .split('\n')
  .filter(
    (file) =>
      /\.(ts|js|mjs|py|json|ya?ml|md|sh)$|^\.ci\/run$/.test(file) && existsSync(join(root, file)),
  );

const offending = (pattern: RegExp, skip: RegExp): string[] =>
  files
    .filter((file) => !skip.test(file))
    .flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .flatMap((line, index) =>
          pattern.test(line) ? [`${file}:${index + 1}: ${line.trim().slice(0, 120)}`] : [],
        ),
    );

describe('the repository', () => {
  it('carries no absolute path of a machine', () => {
    expect(
      offending(
        /(?<![\w.$}])\/(work|root|home|tmp)\/[A-Za-z0-9._-]+/,
        /^(pnpm-lock\.yaml|tooling\/checks\/)/,
      ),
    ).toEqual([]);
  });

  it('names no package registry host', () => {
    expect(
      offending(
        /registry\.npmjs|pypi\.org|pythonhosted|registry\.yarnpkg|crates\.io/,
        /^tooling\/checks\//,
      ),
    ).toEqual([]);
  });

  it('has no focused or unconditionally skipped test', () => {
    expect(offending(/\b(it|test|describe)\.(only|skip|todo)\(/, /^tooling\/checks\//)).toEqual([]);
  });
});
