import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { type BookType, utils, type WorkSheet, write } from '@e965/xlsx';
import { InputError } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { makeTree } from '../testing/imageTree.js';
import { inflatedSize } from './readSpreadsheet.js';
import { readTable } from './readTable.js';

const annotations = fileURLToPath(new URL('../../test/annotations/', import.meta.url));

async function read(name: string, content: string | Uint8Array): Promise<(readonly string[])[]> {
  return (await readTable(join(await makeTree({ [name]: content }), name))).map(
    ({ cells }) => cells,
  );
}

function workbook(sheet: WorkSheet, bookType: BookType, ...others: WorkSheet[]): Buffer {
  const book = utils.book_new();
  for (const entry of [sheet, ...others]) utils.book_append_sheet(book, entry);
  return write(book, { type: 'buffer', bookType }) as Buffer;
}

async function issueOf(name: string, content: string | Uint8Array): Promise<string> {
  const error = await read(name, content).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof InputError))
    throw new Error(`There was no InputError but ${String(error)}.`);
  return error.message;
}

describe('readTable', () => {
  it('reads BIFF files that another program wrote (xlwt 1.3.0), trimmed', async () => {
    const rows = await readTable(join(annotations, 'Annotation_Base11.xls'));
    expect(
      (await readFile(join(annotations, 'Annotation_Base11.xls'))).subarray(0, 8).toString('hex'),
    ).toBe('d0cf11e0a1b11ae1');
    expect(rows).toHaveLength(6);
    expect(rows[0]).toEqual({
      line: 1,
      cells: [
        'Image name',
        'Ophthalmologic department',
        'Retinopathy grade',
        'Risk of macular edema',
      ],
    });
    expect(rows[1]).toEqual({
      line: 2,
      cells: ['20051019_38557_0100_PP.tif', 'Service Ophtalmologie Lariboisière', '3', '1'],
    });
  });

  it.each<[string, BookType]>([
    ['old.xls', 'biff8'],
    ['older.xls', 'biff5'],
    ['new.xlsx', 'xlsx'],
    ['wrongly called.xls', 'xlsx'],
    ['wrongly called.xlsx', 'biff8'],
  ])('reads the first sheet of %s (%s) without blank rows, numbers as text', async (name, kind) => {
    const first = utils.aoa_to_sheet([
      ['name', ' grade '],
      [' a.tif ', 3],
      [],
      [null, null],
      ['b.tif', '2'],
      ['c.tif', null],
      ['d.tif', 1.5],
    ]);
    expect(await read(name, workbook(first, kind, utils.aoa_to_sheet([['other']])))).toEqual([
      ['name', 'grade'],
      ['a.tif', '3'],
      ['b.tif', '2'],
      ['c.tif'],
      ['d.tif', '1.5'],
    ]);
  });

  it('takes the saved value of a formula and never evaluates it', async () => {
    const sheet = utils.aoa_to_sheet([
      ['name', 'grade'],
      ['a.tif', 0],
    ]);
    sheet.B2 = { t: 'n', v: 7, f: '1+1' };
    expect(await read('a.xlsx', workbook(sheet, 'xlsx'))).toEqual([
      ['name', 'grade'],
      ['a.tif', '7'],
    ]);
    sheet.B2 = { t: 'e', v: 42, f: 'NA()' };
    expect((await read('b.xlsx', workbook(sheet, 'xlsx')))[1]).toEqual(['a.tif', '']);
  });

  it('rejects what is not an Excel file, damaged or too large, with the reason', async () => {
    expect(await issueOf('a.xls', 'Image name,grade\nx,1')).toBe(
      'a.xls: is not an Excel file, despite its name (an Excel file of labels, .xls or .xlsx; or save it as CSV)',
    );
    expect(await issueOf('a.xls', '<html><table><tr><td>1</td></tr></table></html>')).toContain(
      'is not an Excel file',
    );
    expect(await issueOf('a.xls', '')).toContain('a.xls: is empty');
    expect(await issueOf('a.xls', new Uint8Array(5 * 2 ** 20))).toBe(
      'a.xls: has 5,242,880 bytes (at most 4,194,304; or save it as CSV)',
    );
    const whole = workbook(
      utils.aoa_to_sheet([
        ['a', 'b'],
        [1, 2],
      ]),
      'biff8',
    );
    expect(await issueOf('a.xls', whole.subarray(0, 600))).toMatch(
      /^a\.xls: cannot be read as a spreadsheet: /,
    );
    const zip = workbook(
      utils.aoa_to_sheet([
        ['a', 'b'],
        [1, 2],
      ]),
      'xlsx',
    );
    expect(await issueOf('a.xlsx', zip.subarray(0, zip.length - 40))).toContain(
      'a.xlsx: is a damaged Excel file',
    );
    const long = utils.aoa_to_sheet(Array.from({ length: 20_001 }, (_, i) => [i]));
    expect(await issueOf('a.xls', workbook(long, 'biff8'))).toBe(
      'a.xls: has more than 20,000 rows (save it as CSV)',
    );
  });

  it('survives files that end the process of their parser', async () => {
    const whole = await readFile(join(annotations, 'Annotation_Base11.xls'));
    // Parts that were written twice: an array of the parser grows beyond what Node can hold.
    const doubled = Buffer.concat([whole.subarray(0, 2471), whole.subarray(2413)]);
    expect(await issueOf('a.xls', doubled)).toBe(
      'a.xls: cannot be read as a spreadsheet: the parser needed more than 512 MiB of memory or 60 s',
    );
    expect(await readTable(join(annotations, 'Annotation_Base11.xls'))).not.toEqual([]);
  });

  it('unpacks no more than the limit, whatever size the archive states', async () => {
    const bomb = zipOf('xl/worksheets/sheet1.xml', Buffer.alloc(80 * 2 ** 20), { claimed: 100 });
    expect(bomb.length).toBeLessThan(100_000);
    expect(await issueOf('a.xlsx', bomb)).toContain(
      'a.xlsx: contains more than 67,108,864 bytes when unpacked',
    );
    expect(inflatedSize(zipOf('a.xml', Buffer.alloc(1000), { claimed: 1000 }), 1000)).toBe(1000);
    expect(() => inflatedSize(zipOf('a.xml', Buffer.alloc(1001), { claimed: 10 }), 1000)).toThrow(
      RangeError,
    );
    const hidden = zipOf('a.xml', Buffer.alloc(1000), { claimed: 1000, total: 0 });
    expect(() => inflatedSize(hidden, 1000)).toThrow('two numbers of files');
    expect(await issueOf('a.xlsx', hidden)).toContain('a.xlsx: is a damaged Excel file');
  });

  it('reads CSV with semicolons and a byte order mark, and reports a missing file', async () => {
    expect(await read('pairs.csv', '\uFEFFleft;right\r\na.png;b.png\r\n')).toEqual([
      ['left', 'right'],
      ['a.png', 'b.png'],
    ]);
    await expect(readTable(join(annotations, 'missing.xls'))).rejects.toThrow(
      'missing.xls: there is no such file',
    );
  });
});

/** A ZIP archive of one file that claims a size. */
function zipOf(
  name: string,
  content: Buffer,
  { claimed, total = 1 }: { readonly claimed: number; readonly total?: number },
): Buffer {
  const packed = deflateRawSync(content);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  local.writeUInt32LE(packed.length, 18);
  local.writeUInt32LE(claimed, 22);
  local.writeUInt16LE(name.length, 26);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(8, 10);
  entry.writeUInt32LE(packed.length, 20);
  entry.writeUInt32LE(claimed, 24);
  entry.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8); // entries on this disk
  end.writeUInt16LE(total, 10);
  end.writeUInt32LE(46 + name.length, 12);
  end.writeUInt32LE(30 + name.length + packed.length, 16);
  return Buffer.concat([local, Buffer.from(name), packed, entry, Buffer.from(name), end]);
}
