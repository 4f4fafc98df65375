import { join } from 'node:path';
import { writeAtomic } from '@nonlocal-med/core/node';
import { predictionsToCsv } from '@nonlocal-med/metrics';
import { openEventLog } from './openEventLog.js';
import { runFiles } from './runFiles.js';
import type { RunFolder } from './runFolder.js';
import { runStatus } from './runStatus.js';

/** The run in a folder that exists. */
export function describeRunFolder({
  path,
  config,
  environment,
}: Pick<RunFolder, 'path' | 'config' | 'environment'>): RunFolder {
  const file = (...names: readonly string[]): string => join(path, ...names);
  return {
    path,
    config,
    environment,
    file,
    status: () => runStatus(path),
    async appendEvent(event) {
      const log = await openEventLog(file(runFiles.events));
      await log.append(event).finally(() => log.close());
    },
    async writePredictions(name, predictions) {
      const csv = file(runFiles.predictions, `${name}.csv`);
      await writeAtomic(csv, predictionsToCsv(predictions));
      return csv;
    },
    writeMetrics: (metrics) =>
      writeAtomic(file(runFiles.metrics), `${JSON.stringify(metrics, null, 2)}\n`),
  };
}
