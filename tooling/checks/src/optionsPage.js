// Writes, or with --check compares, docs/options.md: every option, from the schemas.
// node src/optionsPage.js [--check]
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { optionsPage } from '../../../apps/trainer/dist/options/optionsPage.js';

const file = join(fileURLToPath(new URL('../../..', import.meta.url)), 'docs/options.md');
const page = await format(optionsPage(), { ...(await resolveConfig(file)), filepath: file });

if (page === readFileSync(file, { encoding: 'utf8', flag: 'a+' }))
  console.log('docs/options.md is up to date.');
else if (process.argv.includes('--check')) {
  console.error('An option changed; run "pnpm options" and commit docs/options.md.');
  process.exitCode = 1;
} else {
  writeFileSync(file, page);
  console.log('Written: docs/options.md');
}
