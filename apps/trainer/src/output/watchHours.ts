import { count } from '@nonlocal-med/core';
import type { ProgressListener } from '@nonlocal-med/pipeline';
import { formatDuration } from '@nonlocal-med/terminal';

/** The epoch whose time is typical: the first one also chooses kernels and fills caches. */
const TYPICAL_EPOCH = 2;

/** A display of a training that says after two epochs if it will take longer than requested. */
export function watchHours(display: ProgressListener, hours: number | undefined): ProgressListener {
  if (hours === undefined) return display;
  let epochs = 0;
  return {
    ...display,
    onEvent(event) {
      display.onEvent?.(event);
      if (event.type === 'start') epochs = event.epochs;
      if (event.type !== 'epoch' || event.epoch !== TYPICAL_EPOCH) return;
      const expected = epochs * event.seconds;
      if (expected > 3600 * hours)
        display.onNote?.(
          `The second epoch took ${formatDuration(event.seconds)}: ${count(epochs, 'epoch')} will take about ${formatDuration(expected)}, longer than the ${formatDuration(3600 * hours)} requested. Images may load slowly, or another program may use the processor. The number of epochs does not change, because the schedule depends on it.`,
        );
    },
  };
}
