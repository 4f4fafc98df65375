// Runs at the end of `pnpm install` in this workspace (not when the published package is installed): installs native
// TensorFlow in the user's cache folder, or reports in one line why it cannot. Never fails `pnpm install`.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const installer = new URL('../dist/install/installEngine.js', import.meta.url);

/** In a fresh clone nothing is built yet: compiles this package and core. */
function buildOnce() {
  if (existsSync(installer) && existsSync(new URL('../../core/dist/node.js', import.meta.url)))
    return;
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  for (const folder of ['../../core/', '../']) {
    const { status, stdout } = spawnSync(
      process.execPath,
      [compiler, '-p', 'tsconfig.build.json'],
      { cwd: fileURLToPath(new URL(folder, import.meta.url)), encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`tsc failed: ${stdout.split('\n')[0]}`);
  }
}

async function installNative() {
  buildOnce();
  const { installEngine } = await import(installer.href);
  const { terminalProgress } = await import(
    new URL('../dist/install/installProgress.js', import.meta.url).href
  );
  const before = Date.now();
  const { folder, manifest } = await installEngine({ progress: terminalProgress(process.stderr) });
  if (Date.parse(manifest.installed) >= before)
    process.stderr.write(`native TensorFlow ${manifest.tensorflow} is in ${folder}\n`);
}

if (!process.env.NONLOCAL_MED_SKIP_INSTALL) {
  await installNative().catch((error) => {
    process.stderr.write(
      `native TensorFlow was not installed (${String(error.message).split('\n')[0]}); the wasm backend is used, which is several times slower. To try again: pnpm --filter @nonlocal-med/engine prepare\n`,
    );
  });
}
