import { type Issue, throwIssues } from '@nonlocal-med/core';
import type { StoredTensor, StoredType } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { LoadReport, OtherShape } from './loadReport.js';
import { torchLayout } from './torchLayout.js';
import { torchNames } from './torchNames.js';
import { type KeyedWeight, weightKeys } from './weightKeys.js';

export interface LoadStateDictOptions {
  /** What messages call the source: a file's name. */
  readonly source?: string;
  /**
   * `exact`: every tensor of the model must be there, in its shape, and no other. `pretrained` (default): the backbone must
   * be; what a model adds to it may be missing, and a classifier of another size is left out.
   */
  readonly match?: 'exact' | 'pretrained';
}

/** Tensors that belong to a torchvision backbone. */
const BACKBONE = /^(conv1|bn1|layer[1-4]|stage[2-4]|conv5)\.(?!.*\batt\.)/;
/** Element types that a weight may have in a file. */
const FLOATING: readonly StoredType[] = ['F64', 'F32', 'F16', 'BF16'];
const CLASSIFIER = /^(head\.)?fc\.(weight|bias)$/;

/**
 * Writes tensors with PyTorch's names and layouts into a model; all of them, or none when something is wrong.
 * `num_batches_tracked` is ignored.
 * @throws InputError with all issues: backbone tensors missing or of another shape, no tensor that fits, two of one name,
 * values that are no floating-point numbers or not finite
 */
export function loadStateDict(
  model: LayersModel,
  tensors: ReadonlyMap<string, StoredTensor>,
  { source = 'weights', match = 'pretrained' }: LoadStateDictOptions = {},
): LoadReport {
  const weights = weightKeys(model);
  const byKey = new Map(weights.map((weight) => [weight.key, weight]));
  const { given, issues } = renamed(tensors, { first: weights[0].key, source });
  const fitting: [KeyedWeight, Float32Array][] = [];
  const otherShape: OtherShape[] = [];
  for (const [key, tensor] of given) {
    const weight = byKey.get(key);
    if (weight === undefined) continue;
    const { shape, fromTorch } = torchLayout(weight);
    if (shape.join() !== tensor.shape.join())
      otherShape.push({ key, inFile: tensor.shape, inModel: shape });
    else if (!FLOATING.includes(tensor.dtype))
      issues.push({
        path: `${source}: ${key}`,
        message: `has element type ${tensor.dtype}`,
        hint: FLOATING.join(', '),
      });
    else {
      const values = Float32Array.from(tensor.data as Float32Array);
      if (!isFinite(values))
        issues.push({ path: `${source}: ${key}`, message: 'has values that are not finite' });
      else fitting.push([weight, fromTorch(values)]);
    }
  }
  const report: LoadReport = {
    loaded: fitting.map(([{ key }]) => key),
    missing: weights.map(({ key }) => key).filter((key) => !given.has(key)),
    leftOver: [...given.keys()].filter((key) => !byKey.has(key)),
    dropped: otherShape,
  };
  throwIssues([...issues, ...mismatches(report, { source, exact: match === 'exact' })]);
  for (const [{ variable }, values] of fitting)
    tf.tidy(() => void variable.write(tf.tensor(values, variable.shape as number[])));
  return report;
}

/** The tensors under torchvision's names; two of one name are an issue. */
function renamed(
  tensors: ReadonlyMap<string, StoredTensor>,
  { first, source }: { first: string; source: string },
): { given: Map<string, StoredTensor>; issues: Issue[] } {
  const given = new Map<string, StoredTensor>();
  const issues: Issue[] = [];
  const names = torchNames([...tensors.keys()], first);
  for (const [key, name] of names) {
    if (name.endsWith('num_batches_tracked')) continue;
    if (given.has(name))
      issues.push({
        path: `${source}: ${key}`,
        message: `is a second ${name}`,
        hint: 'one tensor of each name',
      });
    given.set(name, tensors.get(key)!);
  }
  return { given, issues };
}

function mismatches(
  { loaded, missing, leftOver, dropped }: LoadReport,
  { source, exact }: { source: string; exact: boolean },
): Issue[] {
  if (loaded.every((key) => CLASSIFIER.test(key)))
    return [
      {
        path: source,
        message: `none of its tensors belongs to this model (${leftOver.slice(0, 3).join(', ')}, ...)`,
        hint: "names of torchvision, timm or Hugging Face's transformers",
      },
    ];
  const shapes = dropped
    .filter(({ key }) => exact || !CLASSIFIER.test(key))
    .map(
      ({ key, inFile, inModel }) =>
        `${key} has shape [${inFile.join(', ')}], not [${inModel.join(', ')}]`,
    );
  const absent = (exact ? missing : missing.filter((key) => BACKBONE.test(key))).map(
    (key) => `${key} is missing`,
  );
  const foreign = (exact ? leftOver : []).map((key) => `${key} does not belong to this model`);
  return [shapes, absent, foreign]
    .flatMap((found) => summarise(found))
    .map((what) => ({ path: source, message: what, hint: 'are these weights of another model?' }));
}

/** A few issues of a kind as they are, many as the first and a count: a wrong file has hundreds. */
function summarise(found: readonly string[]): readonly string[] {
  return found.length <= 3 ? found : [`${found[0]}, and ${found.length - 1} more like it`];
}

function isFinite(values: Float32Array): boolean {
  return values.every(Number.isFinite);
}
