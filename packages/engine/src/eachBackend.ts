import { beforeAll, describe } from 'vitest';
import { readInstallation } from './installation.js';
import { installationFolder } from './installationFolder.js';
import { useEngine } from './useEngine.js';

/** The engines that every test of an operation runs on. */
export type Backend = 'native' | 'wasm';

/**
 * Makes one block of tests for each engine and sets it before they run. The native one is skipped, with the reason in
 * its title, where it is not installed; with `NONLOCAL_MED_REQUIRE_NATIVE=1` its tests fail instead.
 */
export function eachBackend(define: (backend: Backend) => void): void {
  for (const backend of ['native', 'wasm'] as const) {
    const fault = backend === 'native' && process.env.NONLOCAL_MED_REQUIRE_NATIVE !== '1' ? nativeFault() : undefined;
    describe.skipIf(fault !== undefined)(fault === undefined ? `on ${backend}` : `on ${backend} (skipped: ${fault})`, () => {
      beforeAll(async () => {
        await useEngine({ engine: backend });
      });
      define(backend);
    });
  }
}

function nativeFault(): string | undefined {
  try {
    const found = readInstallation(installationFolder('cpu'));
    if (typeof found === 'object') return undefined;
    return found ?? 'native TensorFlow is not installed; run "npx nonlocal-med-engine install"';
  } catch (error) {
    return (error as Error).message;
  }
}
