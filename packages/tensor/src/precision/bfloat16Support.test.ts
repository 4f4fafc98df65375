import { describe, expect, it } from 'vitest';
import { bfloat16Support } from './bfloat16Support.js';

const amx = ['avx512f', 'avx512_bf16', 'amx_tile', 'amx_bf16'];
const vectors = ['avx512f', 'avx512_bf16'];

describe('bfloat16Support', () => {
  it.each([
    ['AMX', { flags: amx }, { isSupported: true, isFast: true }],
    ['AVX512-BF16', { flags: vectors }, { isSupported: true, isFast: false }],
    [
      'AMX limited to vectors',
      { flags: amx, maximumIsa: 'AVX512_CORE_BF16' },
      { isSupported: true, isFast: false },
    ],
    [
      'AMX by name',
      { flags: amx, maximumIsa: 'avx512_core_amx' },
      { isSupported: true, isFast: true },
    ],
    ['no limit', { flags: amx, maximumIsa: 'DEFAULT' }, { isSupported: true, isFast: true }],
  ])('%s', (_, facts, expected) => {
    expect(bfloat16Support(facts)).toEqual(expected);
  });

  it.each([
    [
      { flags: ['avx2', 'avx512f'] },
      'this processor has neither AMX-BF16 nor AVX512-BF16 instructions',
    ],
    [
      { flags: amx, maximumIsa: 'AVX2' },
      'ONEDNN_MAX_CPU_ISA is AVX2, which leaves out bfloat16 instructions',
    ],
    [
      { flags: amx, maximumIsa: 'AVX512_CORE' },
      'ONEDNN_MAX_CPU_ISA is AVX512_CORE, which leaves out bfloat16 instructions',
    ],
    [{ flags: null }, "this system does not tell its processor's instruction sets"],
  ])('says what is missing: %j', (facts, reason) => {
    expect(bfloat16Support(facts)).toEqual({ isSupported: false, isFast: false, reason });
  });

  it('reads the facts of this processor', () => {
    const { isSupported, reason } = bfloat16Support();
    expect(isSupported).toBe(reason === undefined);
  });
});
