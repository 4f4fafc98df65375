import { type Issue, schemaIssues, throwIssues } from '@nonlocal-med/core';
import type { RunFolder } from '@nonlocal-med/runs';
import { metricsOfTask, trainOptionIssues } from '@nonlocal-med/train';
import { noValidation } from '../decision/decideRun.js';
import { revealPaths } from './hiddenPaths.js';
import { isPlainObject, type RawOptions } from './mergeOptions.js';
import { renamedIssue, upgradeOptions } from './renamedOptions.js';
import { diskRunSchema, type RunConfig, syntheticRunSchema } from './runConfigSchema.js';
import { modelIssues } from './runModelOptions.js';

/**
 * Checks the options of a run, as they come from YAML files and flags, and fills in the defaults. This is the only check
 * of a configuration: code that receives a {@link RunConfig} relies on it.
 * @throws InputError with every issue: the option's path, its value, what is allowed.
 * @example
 * ```ts
 * import { parseRunConfig } from '@nonlocal-med/pipeline';
 *
 * const config = parseRunConfig({ data: { path: 'images' }, preprocessing: { size: 224 } });
 * console.log(config.preprocessing.size.join(' x ')); // 224 x 224
 * console.log(config.training.batchSize); // 4
 *
 * try {
 *   parseRunConfig({ data: { path: 'images' }, training: { epochs: 0 } });
 * } catch (error) {
 *   console.log(String(error)); // InputError: training.epochs: got 0 (at least 1)
 * }
 * ```
 */
export function parseRunConfig(raw: RawOptions): RunConfig {
  const { options, renamed } = isPlainObject(raw)
    ? upgradeOptions(raw)
    : { options: raw, renamed: [] };
  const { data, model } = isPlainObject(options) ? options : {};
  const synthetic = isPlainObject(data) && data.kind === 'tiny-lesions';
  const schema = synthetic ? syntheticRunSchema : diskRunSchema;
  const result = schema.safeParse(options);
  const issues = [
    ...renamed.map(renamedIssue),
    ...(result.success ? [] : schemaIssues(result.error, { schema, input: options })),
    ...(isPlainObject(model) ? modelIssues(model) : []),
    ...(result.success ? sectionIssues(result.data) : []),
  ];
  throwIssues(issues);
  return result.data!;
}

/**
 * The configuration in the folder of a run. Former names of options are accepted there, and reported to `onNote`. Paths that
 * the folder hides are read from the user's cache; they stay hidden if it does not know them.
 * @param known a configuration of the run that has its paths
 * @throws InputError if `config.yaml` is not the configuration of a run.
 */
export function readRunConfig(
  run: RunFolder,
  onNote?: (line: string) => void,
  known?: RunConfig,
): RunConfig {
  const { options, renamed } = upgradeOptions((run.config ?? {}) as RawOptions);
  if (renamed.length > 0) {
    const names = renamed.map(({ from, to }) => `${from} is now ${to}`);
    onNote?.(`config.yaml of ${run.path} uses former option names: ${names.join(', ')}.`);
  }
  return parseRunConfig(revealPaths(options, known));
}

/** Issues of options that are valid by themselves but not in combination. */
function sectionIssues({
  split,
  training,
  decision,
  preprocessing,
  test,
  model,
}: Omit<RunConfig, 'data'>): Issue[] {
  const { earlyStopping, balancedLoss, classWeights, positiveWeights } = training;
  const known = [...new Set([...metricsOfTask('multiclass'), ...metricsOfTask('multilabel')])];
  const issues = [...metricIssues(training, known), ...trainOptionIssues(training)].map(
    (issue): Issue => ({ ...issue, path: `training.${issue.path}` }),
  );
  if (earlyStopping !== undefined && split.validation === 0)
    issues.push({
      path: 'training.earlyStopping',
      message: 'early stopping needs a validation set',
      hint: 'split.validation greater than 0, or no early stopping',
    });
  if (decision.operatingPoints !== undefined && split.validation === 0)
    issues.push(noValidation('decision.operatingPoints'));
  const [height, width] = preprocessing.size;
  if (test.tta === 'd4' && height !== width)
    issues.push({
      path: 'test.tta',
      message: `got "d4", whose rotations by 90 degrees turn images of ${height} x ${width} pixels (height x width) into ${width} x ${height}`,
      hint: 'flips, or a square preprocessing.size',
    });
  for (const [name, weights] of Object.entries({ classWeights, positiveWeights }))
    if (balancedLoss && weights !== undefined)
      issues.push({
        path: 'training.balancedLoss',
        message: `cannot be combined with training.${name}`,
        hint: 'set only one of them',
      });
  if (balancedLoss && training.balancedSampling)
    issues.push({
      path: 'training.balancedLoss',
      message:
        'cannot be combined with training.balancedSampling, which balances the classes already',
      hint: 'set only one of them',
    });
  for (const name of ['freezeStages', 'headEpochs'] as const)
    if (training[name] > 0 && model.weights === undefined)
      issues.push({
        path: `training.${name}`,
        message: 'keeps initial weights that have learned nothing: model.weights is not set',
        hint: 'pretrained weights (--weights), or leave it out',
      });
  return issues;
}

/**
 * Issues of validation metrics that are not known, by the names of the options in the section `training`.
 * @param known names of metrics
 */
export function metricIssues(
  { selection, earlyStopping }: Pick<RunConfig['training'], 'selection' | 'earlyStopping'>,
  known: readonly string[],
): Issue[] {
  const named = { selection, 'earlyStopping.metric': earlyStopping?.metric ?? selection };
  return Object.entries(named).flatMap(([path, metric], index): Issue[] =>
    known.includes(metric) || (index > 0 && metric === selection)
      ? []
      : [{ path, message: `got ${JSON.stringify(metric)}`, hint: `one of ${known.join(', ')}` }],
  );
}
