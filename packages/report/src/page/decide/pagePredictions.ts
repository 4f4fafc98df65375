import type { TaskPredictions } from '@nonlocal-med/core';
import { applyCalibration, describeGoal } from '@nonlocal-med/metrics';
import type { WeightsChoice } from '@nonlocal-med/runs';
import type {
  PredictedRun,
  PredictionsData,
  StoredPoint,
  TestSet,
} from '../client/predictionsData.js';
import {
  decisionWith,
  hasFindings,
  type PageModel,
  type PageRun,
  resultsWith,
} from '../pageModel.js';

/** Significant digits of probabilities, as many as the network's numbers have. */
const DIGITS = 9;

/**
 * The predictions that the page's script computes with: of every model whose repeats all fit into `characters`, for each
 * choice of weights. Operating points can be moved in the first repeat.
 */
export function pagePredictions(
  models: readonly PageModel[],
  choices: readonly WeightsChoice[],
  characters: number,
): PredictionsData {
  const sets: TestSet[] = [];
  const runs: PredictedRun[] = [];
  const setOf = new Map<string, number>();
  let left = characters;
  for (const weights of choices) {
    for (const model of models) {
      const added = model.runs.map((run) => predictedRun(run, { model, weights }));
      const fresh = new Map(
        added.flatMap(({ testSet }) => {
          const key = JSON.stringify(testSet);
          return setOf.has(key) ? [] : [[key, testSet]];
        }),
      );
      const size =
        [...fresh.keys()].reduce((sum, key) => sum + key.length, 0) +
        added.reduce((sum, { run }) => sum + JSON.stringify(run).length, 0);
      if (size > left) continue;
      left -= size;
      for (const [key, testSet] of fresh) {
        setOf.set(key, sets.length);
        sets.push(testSet);
      }
      for (const { run, testSet } of added)
        runs.push({ ...run, set: setOf.get(JSON.stringify(testSet))! });
    }
  }
  return {
    classes: models[0].runs[0].metrics.classes,
    ofFindings: hasFindings(models),
    sets,
    runs,
  };
}

function predictedRun(
  run: PageRun,
  { model, weights }: { model: PageModel; weights: WeightsChoice },
): { readonly run: Omit<PredictedRun, 'set'>; readonly testSet: TestSet } {
  const { predictions } = resultsWith(run, weights);
  const decision = decisionWith(run.metrics, weights);
  const isFirst = run === model.runs[0];
  return {
    testSet: { ids: predictions.ids, labels: [...predictions.labels] },
    run: {
      model: model.title,
      series: model.style.cssClass,
      repeat: run.repeat,
      weights,
      probabilities: rounded(predictions),
      ...(isFirst && decision?.calibrated === true
        ? { calibrated: rounded(applyCalibration(predictions, decision.calibration)) }
        : {}),
      ...(isFirst && decision !== undefined
        ? {
            points: decision.points.map(
              ({ chosen: { positive, goal, threshold } }): StoredPoint => ({
                positive: positive.map((name) => run.metrics.classes.indexOf(name)),
                goal: describeGoal(goal),
                threshold,
              }),
            ),
          }
        : {}),
    },
  };
}

const rounded = ({ probabilities }: TaskPredictions): number[] =>
  Array.from(probabilities, (probability) => Number(probability.toPrecision(DIGITS)));
