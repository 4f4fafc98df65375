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

/** The message of the InputError that reading must throw. */
function refusal(file: Uint8Array): string {
  try {
    readTorchCheckpoint(file);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message;
  }
  throw new Error('The file was read.');
}

describe('readTorchCheckpoint on files written by torch', () => {
  it.each(['zip.pth', 'zip-protocol4.pth'])(
    'reads every type, strides, shared and empty storages of %s',
    (name) => {
      expect(describeTensors(readTorchCheckpoint(fixture(name)))).toEqual(fixtureValues('tensors'));
    },
  );

  it('reads the same from legacy.pth, whose format has no uint16', () => {
    const expected = fixtureValues('tensors');
    delete expected.uint16;
    expect(describeTensors(readTorchCheckpoint(fixture('legacy.pth')))).toEqual(expected);
  });

  it.each(['wrapped.pth', 'wrapped-legacy.pth'])(
    "finds the state_dict in %s and strips 'module.'",
    (name) => {
      expect(describeTensors(readTorchCheckpoint(fixture(name)))).toEqual(fixtureValues('module'));
    },
  );

  it('takes the weights, not a score that was saved as a tensor beside them', () => {
    expect(describeTensors(readTorchCheckpoint(fixture('score-beside-weights.pth.tar')))).toEqual(
      fixtureValues('module'),
    );
  });

  it('reads a moving average where there are no other weights, with a note', () => {
    const notes: string[] = [];
    const file = fixture('mean-of-weights-only.pth');
    expect(
      describeTensors(readTorchCheckpoint(file, { onNote: (note) => notes.push(note) })),
    ).toEqual(fixtureValues('module'));
    expect(notes).toEqual([
      'the file has only a moving average of the weights ("state_dict_ema"), which is used',
    ]);
  });

  it('names TorchScript, a pointer of Git LFS and a web page for what they are', () => {
    expect(refusal(fixture('torchscript.pt'))).toBe(
      `torch checkpoint: is a TorchScript program (torch.jit.save), not a state_dict (in Python: torch.save(torch.jit.load('FILE', map_location='cpu').state_dict(), 'weights.pth'))`,
    );
    expect(refusal(bytes('version https://git-lfs.github.com/spec/v1\noid sha256:00\n'))).toContain(
      'is a pointer of Git LFS, not the file itself (git lfs pull',
    );
    expect(refusal(bytes('<!DOCTYPE html><html>'))).toContain('is a web page, not a weight file');
  });

  it('reads a file at any offset of a buffer', () => {
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

/** A list whose `width` items are all the same list, `depth` deep: as text, it is width ** depth long. */
function wideList(width: number, depth: number): Uint8Array {
  const levels = Array.from({ length: depth }, (_, level) =>
    bytes(0x94, '0](', ...Array.from({ length: width }, () => bytes('h', level)), 'e'),
  );
  return bytes(']', ...levels);
}

/** Makes a dictionary of one list again and again. */
function readAgain(list: Uint8Array, times: number): Uint8Array {
  const call = bytes('h', 0, 'h', 1, 0x85, 'R0');
  return bytes(
    0x80,
    2,
    global('collections', 'OrderedDict'),
    'q',
    0,
    '0',
    list,
    'q',
    1,
    '0',
    ...Array.from({ length: times }, () => call),
    'N.',
  );
}

describe('readTorchCheckpoint on hostile pickles', () => {
  it('reads the valid pickle that the others are derived from', () => {
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
      'refers to element 4 of a storage of 4',
    ],
    [
      'a stride beyond the storage',
      tensorPickle({ strides: [2 ** 31 - 1], shape: [2] }),
      'refers to element 2147483647',
    ],
    [
      'a storage longer than its bytes',
      tensorPickle({ length: 2 ** 31 - 1 }),
      'declares a storage of 2147483647 elements where the file has 16 bytes',
    ],
    ['a negative size', tensorPickle({ shape: [-1] }), 'invalid type, shape or strides'],
    [
      'another storage class',
      tensorPickle({ storageClass: global('builtins', 'eval') }),
      "refers to 'builtins.eval'",
    ],
    [
      'a function as the storage class',
      tensorPickle({ storageClass: global('collections', 'OrderedDict') }),
      'refers to a storage in an unknown way',
    ],
    [
      'a call of a class that is not a function',
      bytes(0x80, 2, global('torch', 'FloatStorage'), ')R.'),
      "calls 'torch.FloatStorage'",
    ],
    [
      'a call of a string',
      bytes(0x80, 2, text('os.system'), ')R.'),
      'calls a value, which is not a function',
    ],
    [
      'a name composed on the stack',
      bytes(0x80, 4, text('os'), text('system'), 0x93, '.'),
      "refers to 'os.system'",
    ],
    [
      'the attribute of an allowed name',
      bytes(0x80, 2, global('collections', 'OrderedDict.fromkeys'), '.'),
      "refers to 'collections.OrderedDict.fromkeys'",
    ],
    ['an object instruction', bytes(0x80, 2, '(ios\nsystem\n.'), 'instruction 0x69'],
    ['an extension instruction', bytes(0x80, 2, 0x82, 1, '.'), 'instruction 0x82'],
    ['a string longer than the file', bytes(0x80, 2, 'X', uint32(0xfffffff0)), 'bytes are needed'],
    [
      'an integer of a gigabyte',
      bytes(0x80, 2, 0x8b, uint32(2 ** 30), '.'),
      'an integer of 1073741824 bytes',
    ],
    ['an end inside a mark', bytes(0x80, 2, '(].'), 'ends inside a mark'],
    ['no value', bytes(0x80, 2, '.'), 'pops a value from an empty stack'],
    ['an unknown memo', bytes(0x80, 2, 'h', 7, '.'), 'recalls value 7'],
    [
      'a list that contains itself',
      bytes(0x80, 2, ']q', 0, 'h', 0, 'a.'),
      'does not contain a dictionary of tensors',
    ],
    [
      'a dictionary that wraps itself',
      bytes(0x80, 2, '}q', 0, text('state_dict'), 'h', 0, 's.'),
      'does not contain a dictionary of tensors',
    ],
    ['nothing', new Uint8Array(0), 'ends at byte 0'],
    [
      'a name that is a list, ten lists wide and twelve deep',
      bytes(0x80, 4, wideList(10, 12), text('name'), 0x93, '.'),
      'refers to a name that is not text',
    ],
    [
      'a name of a megabyte',
      bytes(0x80, 4, text('x'.repeat(1_000_000)), text('name'), 0x93, '.'),
      `refers to '${'x'.repeat(256)}...'`,
    ],
    [
      'a tensor of 17 dimensions',
      tensorPickle({ shape: Array(17).fill(1), strides: Array(17).fill(1) }),
      'rebuilds a tensor of 17 dimensions',
    ],
    [
      'a list that is read 8,000 times',
      readAgain(bytes(']('.concat('N'.repeat(8000), 'e')), 8000),
      'reads more than 4000000 elements of lists',
    ],
  ])('refuses %s', (_, pickle, message) => {
    expect(refusal(torchZip(pickle))).toContain(message);
  });

  it('limits nesting, the number of dictionaries and the number of instructions', () => {
    expect(refusal(torchZip(bytes(0x80, 2, new Uint8Array(2_000_000).fill(0x28), '.')))).toContain(
      'creates more than 1000000',
    );
    expect(refusal(torchZip(bytes(0x80, 2, new Uint8Array(2_000_000).fill(0x7d), '.')))).toContain(
      'creates more than 1000000',
    );
    expect(refusal(torchZip(bytes(0x80, 2, new Uint8Array(5_000_000).fill(0x4e), '.')))).toContain(
      'more than 4000000 instructions',
    );
    const nested = bytes(0x80, 2, ']', new Uint8Array(900_000).fill(0x85), '.');
    expect(refusal(torchZip(nested))).toContain('does not contain a dictionary of tensors');
  });

  it("reads a tensor whose name has a wrapper's prefix 30,000 times", () => {
    const pickle = tensorPickle({ name: `${'module.'.repeat(30_000)}w` });
    expect([...readTorchCheckpoint(torchZip(pickle)).keys()]).toEqual(['w']);
  });

  it('limits the memory of many tensors that repeat one storage to a few times the file', () => {
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
      'more memory than the size of the file justifies',
    );
  });
});

describe('readTorchCheckpoint on damaged and hostile archives', () => {
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
      'a missing zip64 size',
      zip({ 'a/data.pkl': pickle }, (entry) => (entry.size = 0xffffffff)),
      'zip64',
    ],
    ['no pickle', zip({ 'a/data/0': storage }), '0 files named data.pkl'],
    ['two pickles', zip({ 'a/data.pkl': pickle, 'b/data.pkl': pickle }), '2 files named data.pkl'],
    [
      'a big-endian file',
      zip({ 'a/data.pkl': pickle, 'a/byteorder': bytes('big'), 'a/data/0': storage }),
      'big-endian',
    ],
    ['a missing storage', zip({ 'a/data.pkl': pickle }), "needs storage '0'"],
    ['a text file', bytes('hello'), 'is not a torch checkpoint'],
    ['an empty file', new Uint8Array(0), 'is not a torch checkpoint'],
    ['a pickle of something else', bytes(0x80, 2, '}.'), 'not one written by torch.save'],
  ])('refuses %s', (_, file, message) => {
    expect(refusal(file)).toContain(message);
  });

  it('refuses a directory that declares more entries than it contains', () => {
    const file = zip({ 'a/data.pkl': pickle });
    file.fill(0xff, file.length - 14, file.length - 10);
    expect(refusal(file)).toContain('declares a directory of 65535 entries');
  });

  it('refuses a zip64 directory far outside the file', () => {
    const file = fixture('zip.pth');
    const end = file.length - 22;
    const locator = end - 20;
    expect([...file.subarray(locator, locator + 4)]).toEqual([0x50, 0x4b, 6, 7]);
    const far = file.slice();
    far.fill(0xff, locator + 8, locator + 16);
    expect(refusal(far)).toContain('declares a size or offset of 18446744073709551615');
  });

  it('refuses an entry that occurs twice', () => {
    const file = zip({ 'a/data.pkl': pickle, 'b/data.pkl': pickle });
    for (let at = 0; at < file.length - 1; at++)
      if (file[at] === 0x62 && file[at + 1] === 0x2f) file[at] = 0x61;
    expect(refusal(file)).toContain("contains 'a/data.pkl' twice");
  });
});
