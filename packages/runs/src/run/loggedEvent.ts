import type { TrainingEvent } from '@nonlocal-med/core';

/** A line of `events.jsonl`: the event, and when it was written (milliseconds since 1970). */
export type LoggedEvent = TrainingEvent & { readonly time: number };
