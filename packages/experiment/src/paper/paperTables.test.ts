import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { paperResult, paperTableNotes } from './paperResult.js';
import { paperNotes, type PaperTableName, paperTables } from './paperTables.js';

/** Transcribed from the paper independently of the tables in the code. */
const transcription = JSON.parse(
  readFileSync(new URL('../../test/golden/paper-tables.json', import.meta.url), 'utf8'),
) as Record<PaperTableName, unknown>;

describe('paperTables', () => {
  it('has the rows of the specification', () => {
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

  it('keeps agreements and contradictions between the tables (specification 1.4)', () => {
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

  it('has every number of the transcription of the paper', () => {
    const numbers = (value: unknown): number[] => {
      if (typeof value === 'number') return [value];
      return typeof value === 'object' && value !== null
        ? Object.values(value).flatMap(numbers)
        : [];
    };
    const tables: readonly PaperTableName[] = ['table1', 'table2', 'table3'];
    const expected = tables.map((name) => numbers(transcription[name]));
    expect(expected.map(({ length }) => length)).toEqual([48, 96, 48]);
    expect(tables.map((name) => numbers(paperTables[name]))).toEqual(expected);
  });
});

describe('paperResult', () => {
  it('returns a row with its footnote', () => {
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

  it('returns null for a row that the paper does not have', () => {
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
