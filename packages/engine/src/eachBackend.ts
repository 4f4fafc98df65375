import { beforeAll, describe } from 'vitest';
import { findInstallation } from './selectInstallation.js';
import { useEngine } from './useEngine.js';

/** The engines that every test of an operation runs on. */
export type Backend = 'native' | 'wasm';

/**
 * Makes one block of tests for each engine and sets it before they run. The native one is skipped, with the reason in
 * its title, where it is not installed; with `NONLOCAL_MED_REQUIRE_NATIVE=1` its tests fail instead. It runs on the CPU,
 * or on a GPU with `NONLOCAL_MED_TEST_DEVICE=cuda`.
 */
export function eachBackend(define: (backend: Backend) => void): void {
  for (const backend of ['native', 'wasm'] as const) {
    const issue =
      backend === 'native' && process.env.NONLOCAL_MED_REQUIRE_NATIVE !== '1'
        ? nativeFault()
        : undefined;
    describe.skipIf(issue !== undefined)(
      issue === undefined ? `on ${backend}` : `on ${backend} (skipped: ${issue})`,
      () => {
        beforeAll(async () => {
          await useEngine({
            backend: backend,
            device:
              backend === 'native' && process.env.NONLOCAL_MED_TEST_DEVICE === 'cuda'
                ? 'cuda'
                : 'cpu',
          });
        });
        define(backend);
      },
    );
  }
}

function nativeFault(): string | undefined {
  try {
    const issues = (['cpu', 'cuda'] as const)
      .map(findInstallation)
      .filter((found) => typeof found === 'string');
    return issues.length === 2 ? issues[0] : undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
