import { describe, expect, it } from 'vitest';
import { crc32c, encodeEvent } from './eventFile.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('encodeEvent', () => {
  it('encodes the version line', () => {
    // 09 double 1.5 | 1a length "brain.Event:2"
    expect(hex(encodeEvent({ version: 'brain.Event:2', time: 1.5 }))).toBe(
      `09000000000000f83f1a0d${hex(Buffer.from('brain.Event:2'))}`,
    );
  });

  it('encodes steps above 2^31 and tags beyond ASCII', () => {
    const event = { tag: 'validation/κ', value: -0.75, step: 3e9, time: 1_700_000_000.25 };
    // 09 double | 10 varint 3e9 | 2a length { 0a length { 0a length tag 15 float } }
    expect(hex(encodeEvent(event))).toBe(
      `0900001040fc54d9411080bcc1960b2a160a140a0d${hex(Buffer.from('validation/κ'))}15000040bf`,
    );
  });

  it('encodes lengths of more than one byte and step 0', () => {
    const event = { tag: 't'.repeat(130), value: 0.5, step: 0, time: 0 };
    expect(hex(encodeEvent(event))).toBe(
      `09000000000000000010002a8d010a8a010a8201${'74'.repeat(130)}150000003f`,
    );
  });
});

describe('crc32c', () => {
  // RFC 3720 appendix B.4, and the check value of the CRC catalogue for CRC-32/ISCSI.
  it.each<[string, number[], number]>([
    ['32 zeros', new Array<number>(32).fill(0), 0x8a9136aa],
    ['32 ones', new Array<number>(32).fill(0xff), 0x62a8ab43],
    ['0 to 31', Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ['"123456789"', [...Buffer.from('123456789')], 0xe3069283],
    ['no bytes', [], 0],
  ])('matches the published value for %s', (_, bytes, expected) => {
    expect(crc32c(Uint8Array.from(bytes))).toBe(expected);
  });
});
