import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const { repeatedAucs, studyTables } = (await import(
  new URL('../src/studyTables.mjs', import.meta.url).href
)) as {
  repeatedAucs: (name: string) => Promise<Map<string, number[]>>;
  studyTables: () => Promise<string[]>;
};

describe('docs/study.md', () => {
  it('has the tables that follow from the kept predictions', async () => {
    const page = readFileSync(new URL('../../docs/study.md', import.meta.url), 'utf8');
    const tables = await studyTables();
    expect(tables).toHaveLength(2);
    const normal = (text: string): string =>
      text.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---');
    for (const table of tables) expect(normal(page)).toContain(normal(table));
  });

  it('keeps ten repeats of each model, whose AUCs are those of the runs', async () => {
    const aucs = await repeatedAucs('lesions96');
    // From metrics.json of the runs, computed from all digits.
    expect(aucs.get('resnet18')!.map((auc) => Number(auc.toFixed(4)))).toEqual([
      0.889, 0.8674, 0.8945, 0.8562, 0.8652, 0.866, 0.8513, 0.8858, 0.8902, 0.8752,
    ]);
    expect([...aucs.values()].map(({ length }) => length)).toEqual([10, 10, 10, 10]);
  });
});
