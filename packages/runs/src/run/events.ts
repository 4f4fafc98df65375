import { InputError, schemaIssues, type TrainingEvent } from '@nonlocal-med/core';
import { readRegularFile } from '@nonlocal-med/core/node';
import { z } from 'zod';
import { count } from '../schemaParts.js';

/** A line of `events.jsonl`: the event, and when it was written (milliseconds since 1970). */
export type LoggedEvent = TrainingEvent & { readonly time: number };

/** A finished epoch in the log. */
export type LoggedEpoch = Extract<LoggedEvent, { readonly type: 'epoch' }>;

const time = z.number();

/** The fields that readers depend on; others are kept unchecked, so that logs of other versions can be read. */
const loggedEventSchema = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('start'),
    time,
    epochs: count,
    batchesPerEpoch: count,
    stepsPerEpoch: count.optional(),
    samples: count,
    resumedAtStep: count,
  }),
  z.looseObject({ type: z.literal('step'), time, epoch: count, step: count, loss: z.number() }),
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

/**
 * The events in a run's log, in order. A last line that a killed process left incomplete is skipped.
 * @param file an `events.jsonl`; no events if it does not exist
 * @throws InputError that lists every line that is not an event.
 */
export async function readEvents(file: string): Promise<LoggedEvent[]> {
  const text = await readRegularFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return parseEvents(text, { file });
}

/**
 * The events in the text of a log.
 * @param options file: for error messages; steps: false skips training steps, of which there are thousands
 * @throws InputError that lists every line that is not an event.
 */
export function parseEvents(
  text: string,
  { file, steps = true }: { readonly file: string; readonly steps?: boolean },
): LoggedEvent[] {
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  const results = lines.flatMap((line, index) => {
    if (line === '' || (!steps && line.startsWith('{"type":"step"'))) return [];
    const value = parseLine(line);
    return [{ path: `${file}:${index + 1}`, value, result: loggedEventSchema.safeParse(value) }];
  });
  const issues = results.flatMap(({ path, value, result }) =>
    result.success
      ? []
      : schemaIssues(result.error, {
          schema: loggedEventSchema,
          input: value,
          path,
          separator: ': ',
        }),
  );
  if (issues.length > 0) throw new InputError(issues);
  return results
    .map(({ value }) => value as LoggedEvent)
    .filter(({ type }) => steps || type !== 'step');
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}

/** The event with which a run ended; undefined while it is unfinished or interrupted. */
export function finalEvent(
  events: readonly LoggedEvent[],
): Extract<LoggedEvent, { readonly type: 'end' }> | undefined {
  const last = events.at(-1);
  return last?.type === 'end' && last.reason !== 'interrupted' ? last : undefined;
}

/** The finished epochs of a run in order; of an epoch that a resumed run repeated, the last one counts. */
export function learningCurve(events: readonly LoggedEvent[]): LoggedEpoch[] {
  const epochs = new Map<number, LoggedEpoch>();
  for (const event of events) if (event.type === 'epoch') epochs.set(event.epoch, event);
  return [...epochs.values()].sort((a, b) => a.epoch - b.epoch);
}
