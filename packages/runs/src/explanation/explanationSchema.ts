import { z } from 'zod';
import type { ExplanationIndex } from './explanationIndex.js';

const file = z
  .string()
  .min(1)
  .refine(
    (name) => !name.startsWith('/') && !name.includes('\\') && !name.split('/').includes('..'),
    'a path inside the folder of explanations, relative to it, with forward slashes',
  );
const classIndex = z.int().min(0);
const share = z.number().nullable();

const map = z.object({
  layer: z.string(),
  class: classIndex,
  map: file,
  overlay: file,
  scores: z
    .object({
      pointing: z.number(),
      energyInside: share,
      intersectionOverUnion: z.number(),
      threshold: z.number(),
      lesionShare: z.number(),
    })
    .optional(),
  perturbation: z.object({ deletion: z.number(), insertion: z.number() }).optional(),
});

const image = z.object({
  id: z.string(),
  label: classIndex,
  predicted: classIndex,
  probabilities: z.array(z.number()),
  picture: file,
  mask: file.optional(),
  maps: z.array(map),
});

/** `explanations/index.json`; class indices must be those of its classes. */
export const explanationSchema: z.ZodType<ExplanationIndex> = z
  .object({
    format: z.literal(1),
    model: z.string(),
    weights: z.enum(['last', 'selected']),
    classes: z.array(z.string()).min(2),
    layers: z.array(z.string()),
    images: z.array(image),
  })
  .check(({ value: { classes, images }, issues }) => {
    const inside = (index: number): boolean => index < classes.length;
    images.forEach((entry, i) => {
      const right =
        inside(entry.label) &&
        inside(entry.predicted) &&
        entry.maps.every((one) => inside(one.class)) &&
        entry.probabilities.length === classes.length;
      if (!right)
        issues.push({
          code: 'custom',
          path: ['images', i],
          message: `class indices below ${classes.length} and as many probabilities`,
          input: entry.id,
        });
    });
  });
