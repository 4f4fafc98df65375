import { type KernelChoices, kernelChoices, setKernelChoices } from '@nonlocal-med/tensor';

/**
 * Adopts the kernels that a run was computed with, so that it continues bit for bit. A table that already agrees is left
 * alone, and with it the way in which kernels that it does not list are chosen.
 * @param recorded `kernelChoices` of a checkpoint; anything but an object is ignored
 */
export function restoreKernelChoices(recorded: unknown): void {
  if (typeof recorded !== 'object' || recorded === null) return;
  const current = kernelChoices();
  const differs = Object.entries(recorded as KernelChoices).some(
    ([key, name]) => current[key] !== name,
  );
  if (differs) setKernelChoices({ ...current, ...(recorded as KernelChoices) });
}
