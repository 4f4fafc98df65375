import { type Issue, throwIssues } from '@nonlocal-med/core';
import {
  type ModelWeight,
  modelWeights,
  type StoredTensor,
  type StoredType,
} from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { LoadReport, OtherShape } from './loadReport.js';
import { torchLayout } from './stateDict.js';
import { torchNames } from './torchNames.js';

/** Options of {@link loadStateDict}. */
export interface LoadStateDictOptions {
  /** Name of the source in messages, e.g. a file. */
  readonly source?: string;
  /**
   * `exact`: exactly the tensors of the model, in their shapes. `pretrained` (default): the backbone must be complete, but
   * what a model adds to it may be missing, and a classifier of another size is skipped.
   */
  readonly match?: 'exact' | 'pretrained';
}

/** Tensors that belong to a torchvision backbone. */
const BACKBONE = /^(conv1|bn1|layer[1-4]|stage[2-4]|conv5)\.(?!.*\batt\.)/;
/** Element types that a weight may have in a file. */
const FLOATING: readonly StoredType[] = ['F64', 'F32', 'F16', 'BF16'];
const CLASSIFIER = /^(head\.)?fc\.(weight|bias)$/;

/**
 * Writes tensors with PyTorch's names and layouts into a model: all of them, or none when something is wrong.
 * `num_batches_tracked` is ignored. Convolutions are [out, in, h, w], linear layers [out, in], everything else [C].
 * @throws InputError with all issues: backbone tensors that are missing or have another shape, no tensor that fits, two
 * tensors with the same name, values that are not floating-point or not finite.
 */
export function loadStateDict(
  model: LayersModel,
  tensors: ReadonlyMap<string, StoredTensor>,
  { source = 'weights', match = 'pretrained' }: LoadStateDictOptions = {},
): LoadReport {
  const weights = modelWeights(model);
  const byKey = new Map(weights.map((weight) => [weight.key, weight]));
  const { given, issues, numbered } = renamed(tensors, { first: weights[0].key, source });
  const fitting: [ModelWeight, Float32Array][] = [];
  const otherShape: OtherShape[] = [];
  const notes = numbered ? ['its layers are numbered, and were matched in their order'] : [];
  for (const [key, stored] of given) {
    const weight = byKey.get(key);
    if (weight === undefined) continue;
    const { shape, fromTorch } = torchLayout(weight);
    const tensor = key === weights[0].key ? spreadOverChannels(stored, shape) : stored;
    if (tensor !== stored)
      notes.push(`${key} takes one gray channel and was divided equally among red, green and blue`);
    if (shape.join() !== tensor.shape.join())
      otherShape.push({ key, inFile: tensor.shape, inModel: shape });
    else if (!FLOATING.includes(tensor.dtype))
      issues.push({
        path: `${source}: ${key}`,
        message: `has element type ${tensor.dtype}`,
        hint: FLOATING.join(', '),
      });
    else {
      const values = new Float32Array(tensor.data as Float32Array);
      if (!allFinite(values))
        issues.push({ path: `${source}: ${key}`, message: 'has values that are not finite' });
      else fitting.push([weight, fromTorch(values)]);
    }
  }
  const report: LoadReport = {
    loaded: fitting.map(([{ key }]) => key),
    missing: weights.map(({ key }) => key).filter((key) => !given.has(key)),
    leftOver: [...given.keys()].filter((key) => !byKey.has(key)),
    dropped: otherShape,
    ...(notes.length === 0 ? {} : { notes }),
  };
  throwIssues([...issues, ...mismatches(report, { source, exact: match === 'exact' })]);
  for (const [{ variable }, values] of fitting)
    tf.tidy(() => void variable.write(tf.tensor(values, variable.shape as number[])));
  return report;
}

function allFinite(values: Float32Array): boolean {
  // A loop: `every` takes ten times as long for the millions of weights of a model.
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}

/** The tensors under torchvision's names; two with the same name are an issue. */
function renamed(
  tensors: ReadonlyMap<string, StoredTensor>,
  { first, source }: { first: string; source: string },
): { given: Map<string, StoredTensor>; issues: Issue[]; numbered: boolean } {
  const given = new Map<string, StoredTensor>();
  const issues: Issue[] = [];
  const names = torchNames([...tensors.keys()], first);
  for (const [key, name] of names) {
    if (name.endsWith('num_batches_tracked')) continue;
    if (given.has(name))
      issues.push({
        path: `${source}: ${key}`,
        message: `is a second ${name}`,
        hint: 'one tensor per name',
      });
    given.set(name, tensors.get(key)!);
  }
  const numbered = [...names].some(
    ([key, name]) =>
      name === first && !key.endsWith(first) && /^(?:.*\.)?0\.(?:0\.)?weight$/.test(key),
  );
  return { given, issues, numbered };
}

/**
 * The first convolution of a network for gray images, [out, 1, h, w], for three equal channels: a third of the weight for
 * each, so that their sum is the same. Every other tensor is returned as it is.
 */
function spreadOverChannels(tensor: StoredTensor, inModel: readonly number[]): StoredTensor {
  const [out, channels, height, width] = inModel;
  if (channels !== 3 || tensor.shape.join() !== [out, 1, height, width].join()) return tensor;
  const size = height * width;
  const data = Float32Array.from(
    { length: out * channels * size },
    (_, i) => Number(tensor.data[Math.floor(i / (channels * size)) * size + (i % size)]) / channels,
  );
  return { dtype: 'F32', shape: inModel, data };
}

/** What is wrong with the keys and shapes of a file. */
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
    .flatMap((found) => summarize(found))
    .map((message) => ({ path: source, message, hint: 'are these weights of another model?' }));
}

/** Up to three issues of a kind, else the first and a count: the wrong file has hundreds. */
function summarize(found: readonly string[]): readonly string[] {
  return found.length <= 3 ? found : [`${found[0]}, and ${found.length - 1} more like it`];
}
