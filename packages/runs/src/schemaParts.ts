import { z } from 'zod';

/** A value that is never changed after it was read: what a schema gives, read-only at every level. */
export type Immutable<T> = T extends object ? { readonly [K in keyof T]: Immutable<T[K]> } : T;

/** A number of things: 0, 1, ... */
export const count = z.int().min(0);

/** Which of a run's weights: those of the last epoch, or those of the best checkpoint. */
export const weightsChoice = z.enum(['last', 'selected']);

/** Which of a run's weights: `last` (last epoch) or `selected` (best checkpoint, chosen on the validation set). */
export type WeightsChoice = z.output<typeof weightsChoice>;

/** The path of a file inside a folder; it cannot lead out of it. */
export const relativePath = (folder: string): z.ZodString =>
  z
    .string()
    .min(1)
    .refine(
      (path) => !path.startsWith('/') && !path.includes('\\') && !path.split('/').includes('..'),
      `a path inside ${folder}, relative to it, with forward slashes`,
    );
