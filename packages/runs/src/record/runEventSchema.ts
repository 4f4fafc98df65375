import { z } from 'zod';

const time = z.number();
const count = z.int().min(0);

/** A line of `events.jsonl` other than a training step. */
export const runEventSchema = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('start'),
    time,
    epochs: count,
    batchesPerEpoch: count,
    samples: count,
    resumedAtStep: count,
  }),
  z.looseObject({
    type: z.literal('epoch'),
    time,
    epoch: count,
    trainLoss: z.number(),
    validation: z.record(z.string(), z.number().nullable()).optional(),
    best: z.boolean(),
    seconds: z.number(),
  }),
  z.looseObject({
    type: z.literal('checkpoint'),
    time,
    epoch: count,
    step: count,
    kind: z.enum(['last', 'best']),
  }),
  z.looseObject({ type: z.literal('warning'), time, message: z.string() }),
  z.looseObject({
    type: z.literal('end'),
    time,
    reason: z.enum(['finished', 'early-stop', 'interrupted']),
    epoch: count,
    step: count,
    bestEpoch: count.nullable(),
    seconds: z.number(),
  }),
]);

/** What happened in a run, and when (milliseconds since 1970). */
export type RunEventRecord = z.output<typeof runEventSchema>;
