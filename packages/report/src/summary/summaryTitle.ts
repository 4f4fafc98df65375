import type { ExperimentSummary } from './experimentSummary.js';

/** `Ablation on MESSIDOR (table1, data tiny-lesions, weights of the last epoch)`. */
export function summaryTitle({ caption, name, data, weights }: ExperimentSummary): string {
  return `${caption} (${name}, data ${data}, weights of the ${weights === 'last' ? 'last' : 'chosen'} epoch)`;
}
