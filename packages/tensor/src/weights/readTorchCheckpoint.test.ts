import { InputError } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { describeTensors, fixture, fixtureValues } from '../testing/fixture.js';
import {
  bytes,
  global,
  integer,
  tensorPickle,
  text,
  torchZip,
  tuple,
  uint32,
  zip,
} from '../testing/pickle.js';
import { readTorchCheckpoint } from './readTorchCheckpoint.js';

/** The message of the InputError that reading must end in. */
function refusal(file: Uint8Array): string {
  try {
    readTorchCheckpoint(file);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message;
  }
  throw new Error('The file was read.');
}

describe('files that torch wrote', () => {
  it.each(['zip.pth', 'zip-protocol4.pth'])(
    '%s: every type, strides, shared and empty storages',
    (name) => {
      expect(describeTensors(readTorchCheckpoint(fixture(name)))).toEqual(fixtureValues('tensors'));
    },
  );

  it('legacy.pth: the same in the old format, which has no uint16', () => {
    const expected = fixtureValues('tensors');
    delete expected.uint16;
    expect(describeTensors(readTorchCheckpoint(fixture('legacy.pth')))).toEqual(expected);
  });

  it.each(['wrapped.pth', 'wrapped-legacy.pth'])(
    "%s: the state_dict inside, without 'module.'",
    (name) => {
      expect(describeTensors(readTorchCheckpoint(fixture(name)))).toEqual(fixtureValues('module'));
    },
  );

  it('reads a file that lies at any place of a buffer', () => {
    const file = fixture('zip.pth');
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    expect(describeTensors(readTorchCheckpoint(shifted.subarray(3)))).toEqual(
      fixtureValues('tensors'),
    );
  });

  it('refuses a pickled model and a pickled command by name', () => {
    expect(refusal(fixture('whole-model.pth'))).toContain(
      "'torch.nn.modules.container.Sequential'",
    );
    expect(refusal(fixture('bomb.pth'))).toMatch(/'(posix|nt)\.system'/);
    expect(refusal(fixture('bomb-legacy.pth'))).toMatch(/'(posix|nt)\.system'/);
  });
});

describe('hostile pickles', () => {
  it('reads the plain one that the others are made from', () => {
    expect(readTorchCheckpoint(torchZip(tensorPickle())).get('w')).toEqual({
      dtype: 'F32',
      shape: [4],
      data: new Float32Array(4),
    });
  });

  it.each([
    [
      'a shape beyond the storage',
      tensorPickle({ shape: [2 ** 30, 2 ** 30], strides: [2 ** 30, 1] }),
      'has shape [1073741824, 1073741824]',
    ],
    [
      'one element used a billion times',
      tensorPickle({ shape: [2 ** 30], strides: [0] }),
      'has shape [1073741824]',
    ],
    [
      'an offset beyond the storage',
      tensorPickle({ offset: 1 }),
      'reaches element 4 of a storage of 4',
    ],
    [
      'a stride beyond the storage',
      tensorPickle({ strides: [2 ** 31 - 1], shape: [2] }),
      'reaches element 2147483647',
    ],
    [
      'a storage longer than its bytes',
      tensorPickle({ length: 2 ** 31 - 1 }),
      'states a storage of 2147483647 elements where the file has 16 bytes',
    ],
    ['a negative size', tensorPickle({ shape: [-1] }), 'make no sense'],
    [
      'another storage class',
      tensorPickle({ storageClass: global('builtins', 'eval') }),
      "asks for 'builtins.eval'",
    ],
    [
      'a function as the storage class',
      tensorPickle({ storageClass: global('collections', 'OrderedDict') }),
      'names a storage in an unknown way',
    ],
    [
      'a call of a class that is no function',
      bytes(0x80, 2, global('torch', 'FloatStorage'), ')R.'),
      "calls 'torch.FloatStorage'",
    ],
    [
      'a call of a text',
      bytes(0x80, 2, text('os.system'), ')R.'),
      'calls something that is no function',
    ],
    [
      'a name put together on the stack',
      bytes(0x80, 4, text('os'), text('system'), 0x93, '.'),
      "asks for 'os.system'",
    ],
    [
      'the attribute of an allowed name',
      bytes(0x80, 2, global('collections', 'OrderedDict.fromkeys'), '.'),
      "asks for 'collections.OrderedDict.fromkeys'",
    ],
    ['an object instruction', bytes(0x80, 2, '(ios\nsystem\n.'), 'instruction 0x69'],
    ['an extension instruction', bytes(0x80, 2, 0x82, 1, '.'), 'instruction 0x82'],
    ['a text longer than the file', bytes(0x80, 2, 'X', uint32(0xfffffff0)), 'more are needed'],
    [
      'a whole number of a gigabyte',
      bytes(0x80, 2, 0x8b, uint32(2 ** 30), '.'),
      'whole number of 1073741824 bytes',
    ],
    ['an end inside a mark', bytes(0x80, 2, '(].'), 'ends inside a mark'],
    ['no value', bytes(0x80, 2, '.'), 'takes a value where there is none'],
    ['an unknown memo', bytes(0x80, 2, 'h', 7, '.'), 'recalls value 7'],
    [
      'a list that holds itself',
      bytes(0x80, 2, ']q', 0, 'h', 0, 'a.'),
      'holds no dictionary of tensors',
    ],
    [
      'a dictionary that wraps itself',
      bytes(0x80, 2, '}q', 0, text('state_dict'), 'h', 0, 's.'),
      'holds no dictionary of tensors',
    ],
    ['nothing', new Uint8Array(0), 'ends at byte 0'],
  ])('%s', (_, pickle, message) => {
    expect(refusal(torchZip(pickle))).toContain(message);
  });

  it('nesting a million deep and a million dictionaries end soon', () => {
    expect(refusal(torchZip(bytes(0x80, 2, new Uint8Array(2_000_000).fill(0x28), '.')))).toContain(
      'makes more than 1000000',
    );
    expect(refusal(torchZip(bytes(0x80, 2, new Uint8Array(2_000_000).fill(0x7d), '.')))).toContain(
      'makes more than 1000000',
    );
    expect(refusal(torchZip(bytes(0x80, 2, new Uint8Array(5_000_000).fill(0x4e), '.')))).toContain(
      'more than 4000000 instructions',
    );
    const nested = bytes(0x80, 2, ']', new Uint8Array(900_000).fill(0x85), '.');
    expect(refusal(torchZip(nested))).toContain('holds no dictionary of tensors');
  });

  it('many tensors that repeat one storage cannot ask for more than a few times the file', () => {
    const storage = bytes(
      tuple(
        text('storage'),
        global('torch', 'FloatStorage'),
        text('0'),
        text('cpu'),
        integer(1024),
      ),
      'Qq',
      1,
    );
    const repeated = (name: string): Uint8Array =>
      bytes(
        text(name),
        'h',
        0,
        tuple(
          bytes('h', 1),
          integer(0),
          tuple(integer(4), integer(1024)),
          tuple(integer(0), integer(1)),
          bytes(0x89),
          bytes('}'),
        ),
        'R',
      );
    const pickle = bytes(
      0x80,
      2,
      global('torch._utils', '_rebuild_tensor_v2'),
      'q',
      0,
      '0',
      storage,
      '0}(',
      ...Array.from({ length: 50 }, (_, i) => repeated(`w${i}`)),
      'u.',
    );
    expect(refusal(torchZip(pickle, new Uint8Array(4096)))).toContain(
      'more memory than the file justifies',
    );
  });
});

describe('damaged and hostile archives', () => {
  const pickle = tensorPickle();
  const storage = new Uint8Array(16);

  it.each([
    [
      'a compressed entry',
      zip({ 'a/data.pkl': pickle }, (entry) => (entry.method = 8)),
      'is compressed',
    ],
    [
      'an encrypted entry',
      zip({ 'a/data.pkl': pickle }, (entry) => (entry.flags = 1)),
      'is encrypted',
    ],
    [
      'a wrong checksum',
      zip({ 'a/data.pkl': pickle }, (entry) => (entry.crc = 1)),
      'wrong checksum',
    ],
    [
      'an offset outside',
      zip({ 'a/data.pkl': pickle }, (entry) => (entry.offset = 0x7fffffff)),
      "has no header of 'a/data.pkl'",
    ],
    [
      'entries that overlap',
      zip({ 'a/data.pkl': pickle, 'a/data/0': storage }, (entry) => (entry.offset = 0)),
      'overlap',
    ],
    [
      'a zip64 size that is not there',
      zip({ 'a/data.pkl': pickle }, (entry) => (entry.size = 0xffffffff)),
      'zip64',
    ],
    ['no pickle', zip({ 'a/data/0': storage }), '0 files called data.pkl'],
    ['two pickles', zip({ 'a/data.pkl': pickle, 'b/data.pkl': pickle }), '2 files called data.pkl'],
    [
      'a big-endian file',
      zip({ 'a/data.pkl': pickle, 'a/byteorder': bytes('big'), 'a/data/0': storage }),
      'big-endian',
    ],
    ['a missing storage', zip({ 'a/data.pkl': pickle }), "needs storage '0'"],
    ['a text file', bytes('hello'), 'is no torch checkpoint'],
    ['an empty file', new Uint8Array(0), 'is no torch checkpoint'],
    ['a pickle of something else', bytes(0x80, 2, '}.'), 'not one of torch.save'],
  ])('%s', (_, file, message) => {
    expect(refusal(file)).toContain(message);
  });

  it('a directory that states more entries than it holds', () => {
    const file = zip({ 'a/data.pkl': pickle });
    file.fill(0xff, file.length - 14, file.length - 10);
    expect(refusal(file)).toContain('states a directory of 65535 entries');
  });

  it('a zip64 directory far outside the file', () => {
    const file = fixture('zip.pth');
    const end = file.length - 22;
    const locator = end - 20;
    expect([...file.subarray(locator, locator + 4)]).toEqual([0x50, 0x4b, 6, 7]);
    const far = file.slice();
    far.fill(0xff, locator + 8, locator + 16);
    expect(refusal(far)).toContain('states a size or offset of 18446744073709551615');
  });

  it('an entry that is there twice', () => {
    const file = zip({ 'a/data.pkl': pickle, 'b/data.pkl': pickle });
    for (let at = 0; at < file.length - 1; at++)
      if (file[at] === 0x62 && file[at + 1] === 0x2f) file[at] = 0x61;
    expect(refusal(file)).toContain("holds 'a/data.pkl' twice");
  });
});
