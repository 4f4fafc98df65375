// Writes, or with --check compares, the public surface of every package: packages/NAME/api/ENTRY.api.md.
// node src/apiReports.js [--check]
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const check = process.argv.includes('--check');
const scratch = mkdtempSync(join(tmpdir(), 'nonlocal-med-api-'));
const stale = [];

for (const name of readdirSync(join(root, 'packages'))) {
  const folder = join(root, 'packages', name);
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  for (const { types } of Object.values(exports)) {
    if (types === undefined) continue;
    const entry = basename(types, '.d.ts');
    const report = extract(folder, { types, entry });
    const file = join(folder, 'api', `${entry}.api.md`);
    const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
    if (before === report) continue;
    stale.push(`packages/${name}/api/${entry}.api.md`);
    if (check) continue;
    mkdirSync(join(folder, 'api'), { recursive: true });
    writeFileSync(file, report);
  }
}
rmSync(scratch, { recursive: true });

if (stale.length === 0) console.log('The API reports are up to date.');
else if (check) {
  console.error(
    `Public surface changed; run "pnpm api" and review the difference:\n  ${stale.join('\n  ')}`,
  );
  process.exitCode = 1;
} else console.log(`Written:\n  ${stale.join('\n  ')}`);

/** The report of one entry point as text. */
function extract(folder, { types, entry }) {
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: join(folder, types),
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'ES2022',
            module: 'NodeNext',
            moduleResolution: 'NodeNext',
            lib: ['ES2022', 'DOM', 'DOM.Iterable'],
            types: ['node'],
            typeRoots: [join(root, 'tooling/checks/node_modules/@types')],
            skipLibCheck: true,
          },
          files: [join(folder, types)],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: `${entry}.api.md`,
        reportFolder: scratch,
        reportTempFolder: join(scratch, 'temp'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, 'package.json'),
  });
  Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => (message.handled = true),
  });
  const file = join(scratch, `${entry}.api.md`);
  const text = readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
  rmSync(file);
  return text;
}
