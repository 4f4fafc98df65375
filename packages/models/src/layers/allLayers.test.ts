import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');

describe('allLayers', () => {
  it('imports every file that registers a layer, so that bundlers keep them all', () => {
    const registering = readdirSync(new URL('.', import.meta.url)).filter(
      (file) => !file.endsWith('.test.ts') && read(file).includes('registerClass('),
    );
    const imported = [...read('allLayers.ts').matchAll(/^import '\.\/(\w+)\.js';$/gm)].map(
      ([, name]) => `${name}.ts`,
    );
    expect(imported.sort()).toEqual(registering.sort());
    expect(read('../index.ts')).toContain("import './layers/allLayers.js';");
  });
});
