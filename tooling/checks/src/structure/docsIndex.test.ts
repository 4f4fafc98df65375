import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../workspace.js';

const docs = join(root, 'docs');
const index = readFileSync(join(docs, 'README.md'), 'utf8');
const rows = [...index.matchAll(/^\| \[([^\]]+)\]\(([^)]+)\) \| (.+) \|$/gm)].map(
  ([, name, target, answer]) => ({ name, target, answer }),
);

describe('the index of docs/', () => {
  it('has a line for every page, once', () => {
    const pages = readdirSync(docs).filter((name) => name.endsWith('.md') && name !== 'README.md');
    expect(rows.map(({ target }) => target).sort()).toEqual([...pages, 'decisions'].sort());
  });

  it('links to what exists, by its name, and says what it answers', () => {
    for (const { name, target, answer } of rows) {
      expect(name).toBe(target);
      expect(existsSync(join(docs, target)), target).toBe(true);
      expect(answer.length).toBeGreaterThan(20);
    }
  });
});
