import { type KernelChoices, kernelChoices, setKernelChoices } from '@nonlocal-med/tensor';

/**
 * Takes over the kernels that a run has been computed with, so that it goes on to the bit. Where the table says so
 * already it is left alone, and with it how kernels that are not in it are chosen.
 */
export function restoreKernelChoices(recorded: unknown): void {
  if (typeof recorded !== 'object' || recorded === null) return;
  const now = kernelChoices();
  const differing = Object.entries(recorded as KernelChoices).some(
    ([key, name]) => now[key] !== name,
  );
  if (differing) setKernelChoices({ ...now, ...(recorded as KernelChoices) });
}
