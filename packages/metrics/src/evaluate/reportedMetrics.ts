import type { Metric } from '../sample/metric.js';
import { classMetricCatalogue, type ClassMetricName } from './classMetricCatalogue.js';
import { type MetricName, metricNames, metricOf } from './metricCatalogue.js';

/** A metric of a report: of all classes together, or of one. */
export type ReportedMetric = { readonly metric: Metric } & (
  | { readonly name: MetricName; readonly classIndex?: undefined }
  | { readonly name: ClassMetricName; readonly classIndex: number }
);

/** Names of the metrics of one class, in the order of reports. */
export const classMetricNames = Object.keys(classMetricCatalogue) as readonly ClassMetricName[];

/** Every metric of a report over some number of classes, in a fixed order. */
export function reportedMetrics(classes: number): ReportedMetric[] {
  return [
    ...metricNames.map((name) => ({ name, metric: metricOf(name) })),
    ...Array.from({ length: classes }, (_, classIndex) =>
      classMetricNames.map((name) => ({
        name,
        classIndex,
        metric: classMetricCatalogue[name](classIndex),
      })),
    ).flat(),
  ];
}
