import { beforeAll, describe } from 'vitest';
import { findInstallation } from './selectInstallation.js';
import { useEngine } from './useEngine.js';

/** A backend that every test of an operation runs on. */
export type Backend = 'native' | 'wasm';

/**
 * Defines one vitest block per backend, which is activated before its tests run. If native TensorFlow
 * is not installed, its block is skipped with the reason in the title; with
 * `NONLOCAL_MED_REQUIRE_NATIVE=1` its tests fail instead. It runs on the CPU, or on a GPU with
 * `NONLOCAL_MED_TEST_DEVICE=cuda`.
 */
export function eachBackend(define: (backend: Backend) => void): void {
  for (const backend of ['native', 'wasm'] as const) {
    const { NONLOCAL_MED_REQUIRE_NATIVE: required, NONLOCAL_MED_TEST_DEVICE: device } = process.env;
    const issue = backend === 'native' && required !== '1' ? nativeIssue() : undefined;
    describe.skipIf(issue !== undefined)(
      issue === undefined ? `on ${backend}` : `on ${backend} (skipped: ${issue})`,
      () => {
        beforeAll(async () => {
          const useGpu = backend === 'native' && device === 'cuda';
          await useEngine({ backend, device: useGpu ? 'cuda' : 'cpu' });
        });
        define(backend);
      },
    );
  }
}

/** Why native TensorFlow cannot be tested; undefined if it can. */
function nativeIssue(): string | undefined {
  try {
    const issues = (['cpu', 'cuda'] as const)
      .map(findInstallation)
      .filter((found) => typeof found === 'string');
    return issues.length === 2 ? issues[0] : undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
