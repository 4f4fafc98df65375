import { describe, expect, it } from 'vitest';
import { crc32c } from './crc32c.js';

describe('crc32c', () => {
  // RFC 3720 appendix B.4, and the check value of the CRC catalogue for CRC-32/ISCSI.
  it.each<[string, number[], number]>([
    ['32 zeros', new Array<number>(32).fill(0), 0x8a9136aa],
    ['32 ones', new Array<number>(32).fill(0xff), 0x62a8ab43],
    ['0 to 31', Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ['"123456789"', [...Buffer.from('123456789')], 0xe3069283],
    ['nothing', [], 0],
  ])('%s', (_, bytes, expected) => {
    expect(crc32c(Uint8Array.from(bytes))).toBe(expected);
  });
});
