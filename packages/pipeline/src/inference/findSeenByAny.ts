import type { SeenReport } from '../seen/excludeSeen.js';
import type { ExportedModel } from './openExportedModel.js';
import { findSeen, type LabeledPrediction } from './testFiles.js';

/** The images that any member was trained or selected on; see {@link findSeen}. */
export async function findSeenByAny(
  models: readonly ExportedModel[],
  predictions: readonly LabeledPrediction[],
  options: Parameters<typeof findSeen>[2],
): Promise<SeenReport> {
  const reports: SeenReport[] = [];
  for (const model of models) reports.push(await findSeen(model, predictions, options));
  const unchecked = reports.find(({ checked }) => !checked);
  const byId = new Map(reports.flatMap(({ seen }) => seen).map((image) => [image.id, image]));
  return { ...(unchecked ?? reports[0]), seen: [...byId.values()] };
}
