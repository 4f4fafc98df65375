import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import wabt from 'wabt';
import { claheKernel } from './claheKernel.js';
import { claheKernelBytes } from './claheKernelBytes.js';
import { claheGrid } from './clahePortable.js';

describe('claheKernel', () => {
  it('contains the compiled clahe.wat (if not: node scripts/buildKernel.mjs)', async () => {
    const compiled = (await wabt())
      .parseWat('clahe.wat', readFileSync(new URL('clahe.wat', import.meta.url), 'utf8'))
      .toBinary({}).buffer;
    expect(Buffer.from(compiled).toString('base64') === claheKernelBytes).toBe(true);
  });

  it('loads, so that the tests of clahe run it', () => {
    expect(claheKernel(claheGrid({ width: 8, height: 8, tilesX: 8, tilesY: 8 }))).not.toBeNull();
  });
});
