import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { paperResult, paperTableNotes } from './paperResult.js';
import { paperNotes, type PaperTableName, paperTables } from './paperTables.js';

const original = fileURLToPath(
  new URL('../../../../../shared/spec/paper-tables.json', import.meta.url),
);

describe('paperTables', () => {
  it('holds the rows that the models and the specification name', () => {
    expect(Object.keys(paperTables.table1.results.messidor!)).toHaveLength(8);
    expect(Object.keys(paperTables.table2.results.messidor!)).toEqual(
      Object.keys(paperTables.table2.results.covid19!),
    );
    expect(Object.keys(paperTables.table3.results.covid19!)).toEqual([
      'encoder1',
      'encoder2',
      'encoder3',
      'encoder4',
    ]);
  });

  it('keeps what the tables agree and disagree on (specification 1.4)', () => {
    const row = (table: PaperTableName, key: string) => paperTables[table].results.messidor![key];
    expect(row('table1', 'shufflenetv2')).toEqual(row('table2', 'shufflenetv2'));
    expect([row('table1', 'resnet18').SEN[0], row('table2', 'resnet18').SEN[0]]).toEqual([
      77.5, 76.5,
    ]);
    expect([row('table1', 'resnet18-nla').ACC[0], row('table2', 'resnet18-nla').ACC[0]]).toEqual([
      95.62, 92.48,
    ]);
    expect(row('table3', 'encoder1')).toEqual(row('table2', 'resnet18-nla'));
    expect(paperTables.table3.results.covid19!.encoder1).toEqual(
      paperTables.table2.results.covid19!['resnet18-nla'],
    );
  });

  it.skipIf(!existsSync(original))(
    'has every number of the transcription of the paper (skipped where that file is absent)',
    () => {
      const numbers = (value: unknown): number[] =>
        typeof value === 'number'
          ? [value]
          : typeof value === 'object' && value !== null
            ? Object.values(value).flatMap(numbers)
            : [];
      const { table1, table2, table3 } = JSON.parse(readFileSync(original, 'utf8')) as Record<
        PaperTableName,
        unknown
      >;
      const sums = [table1, table2, table3].map(numbers);
      expect(sums.map(({ length }) => length)).toEqual([48, 96, 48]);
      expect([paperTables.table1, paperTables.table2, paperTables.table3].map(numbers)).toEqual(
        sums,
      );
    },
  );
});

describe('paperResult', () => {
  it('gives a row with its footnote', () => {
    expect(paperResult('table1', 'messidor', 'resnet18')).toMatchObject({
      published: { SEN: [77.5, 2.59] },
      reproduced: true,
      note: expect.stringContaining('76.50') as string,
    });
    expect(paperResult('table2', 'covid19', 'resnet18')).toEqual({
      published: paperTables.table2.results.covid19!.resnet18,
      reproduced: true,
    });
    expect(paperResult('table2', 'covid19', 'hynet')).toMatchObject({
      reproduced: false,
      note: expect.stringContaining('not reproduced') as string,
    });
  });

  it('is null for what the paper does not have', () => {
    expect(paperResult('table1', 'covid19', 'resnet18')).toBeNull();
    expect(paperResult('table1', 'messidor', 'resnet18-se')).toBeNull();
    expect(paperResult('table1', 'messidor', 'toString')).toBeNull();
  });
});

describe('paperNotes', () => {
  it('concerns only rows that exist', () => {
    for (const { tables, data, rows = [] } of paperNotes) {
      const known = tables.flatMap((table) =>
        Object.entries(paperTables[table].results).flatMap(([name, results]) =>
          data === undefined || name === data ? Object.keys(results) : [],
        ),
      );
      for (const row of rows) expect(known).toContain(row);
    }
  });

  it('has notes to the whole table', () => {
    expect(paperTableNotes('table1', 'messidor')).toHaveLength(2);
    expect(paperTableNotes('table3', 'covid19').join()).toContain('290 or 291');
  });
});
