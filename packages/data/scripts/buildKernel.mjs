// Compiles src/image/clahe/clahe.wat to claheKernelBytes.ts: node scripts/buildKernel.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import wabt from 'wabt';

const folder = new URL('../src/image/clahe/', import.meta.url);
const compiler = await wabt();
const module = compiler.parseWat('clahe.wat', readFileSync(new URL('clahe.wat', folder), 'utf8'));
const { buffer } = module.toBinary({});
const lines = Buffer.from(buffer)
  .toString('base64')
  .match(/.{1,110}/g);
writeFileSync(
  new URL('claheKernelBytes.ts', folder),
  `/** clahe.wat as a WebAssembly module in base64, made by scripts/buildKernel.mjs. */\nexport const claheKernelBytes =\n${lines.map((line) => `  '${line}'`).join(' +\n')};\n`,
);
