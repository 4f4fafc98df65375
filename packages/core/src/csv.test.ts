import { describe, expect, it } from 'vitest';
import { csvField, csvPath, csvText, distinctColumn, parseCsv } from './csv.js';

const fieldsOf = (...parameters: Parameters<typeof parseCsv>): (readonly string[])[] =>
  parseCsv(...parameters).map(({ fields }) => fields);

describe('parseCsv', () => {
  it('reads quoted fields with delimiters, quotation marks and line breaks', () => {
    expect(fieldsOf('a,"b,c","say ""x""","two\r\nlines"\n')).toEqual([
      ['a', 'b,c', 'say "x"', 'two\r\nlines'],
    ]);
  });

  it('gives the line on which each record starts', () => {
    expect(parseCsv('a,"1\n2"\n\nb,3\r\nc,4').map(({ line }) => line)).toEqual([1, 4, 5]);
  });

  it('skips a byte order mark and empty lines', () => {
    expect(fieldsOf('\uFEFFa,b\r\n\r\n1,2')).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
  });

  it.each(['\n', '\r\n', '\r'])('splits lines at %j', (end) => {
    expect(parseCsv(`a${end}b${end}`)).toEqual([
      { line: 1, fields: ['a'] },
      { line: 2, fields: ['b'] },
    ]);
  });

  it.each([';', '\t'] as const)('splits fields at %j', (delimiter) => {
    expect(fieldsOf(`a,b${delimiter}c`, { delimiter })).toEqual([['a,b', 'c']]);
  });

  it('keeps empty fields and records of different lengths', () => {
    expect(fieldsOf(',a,\n1\n')).toEqual([['', 'a', ''], ['1']]);
  });

  it('returns no records for an empty text', () => {
    expect(parseCsv('')).toEqual([]);
  });

  it.each([
    ['is not closed', 'a\n"b,c\n'],
    ['appears inside an unquoted field', 'a\nb"c,d\n'],
    ['is followed by text', 'a\n"b"c,d\n'],
  ])('throws with the line when a quotation mark %s', (_, text) => {
    expect(() => parseCsv(text, { path: 'labels.csv' })).toThrow(
      /^labels\.csv:2: is not valid CSV: a quotation mark is not closed/,
    );
  });

  it('parses a long text', () => {
    expect(parseCsv('a,"b ""c""",d\n'.repeat(100_000))).toHaveLength(100_000);
  });
});

describe('csvField', () => {
  it.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ['two\nlines', '"two\nlines"'],
    [' spaces ', '" spaces "'],
    ['', ''],
  ])('writes %j as %j', (value, expected) => {
    expect(csvField(value)).toBe(expected);
  });
});

describe('csvField and parseCsv', () => {
  it.each(['=HYPERLINK("a")', '+a', '-a', '@SUM(1)', '\tx', '\rx', "'=a", "''-b"])(
    'mark %j as text for spreadsheets, and read it back',
    (value) => {
      const field = csvField(value);
      expect(field.replace(/^"/, '')).toMatch(/^'/);
      expect(parseCsv(field)[0].fields).toEqual([value]);
    },
  );

  it.each(['-0.5', '+3', '-1e-7', "'quoted'", "it's", 'a=b', 'no-finding'])('keep %j', (value) => {
    expect(csvField(value)).toBe(value);
    expect(parseCsv(value)[0].fields).toEqual([value]);
  });
});

describe('csvText', () => {
  it('has one line per record, and keeps formulas if they are wanted', () => {
    const records = [
      ['id', 'note'],
      ['=1+1.png', 'a,b'],
    ];
    expect(csvText(records)).toBe('id,note\n\'=1+1.png,"a,b"\n');
    expect(csvText(records, { keepFormulas: true })).toBe('id,note\n=1+1.png,"a,b"\n');
    expect(parseCsv(csvText(records)).map(({ fields }) => fields)).toEqual(records);
    expect(csvText([])).toBe('');
  });
});

describe('csvPath', () => {
  it('is the same path, and no formula', () => {
    expect(['=1.png', '+a', '-a', '@a', 'a=b'].map(csvPath)).toEqual([
      './=1.png',
      './+a',
      './-a',
      './@a',
      'a=b',
    ]);
  });
});

describe('distinctColumn', () => {
  it('differs from the names of all classes', () => {
    expect(distinctColumn('error', ['a', 'b'])).toBe('error');
    expect(distinctColumn('error', ['error', 'error_'])).toBe('error__');
  });
});
