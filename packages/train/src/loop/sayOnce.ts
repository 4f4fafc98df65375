import type { Events, Training } from './training.js';

/** A warning that is told the first time only. */
export async function* sayOnce(
  { said, recorder }: Training,
  about: string,
  message: string,
): Events {
  if (said.has(about)) return;
  said.add(about);
  yield await recorder.record({ type: 'warning', message });
}
