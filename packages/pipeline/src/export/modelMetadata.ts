import type { Decision } from '@nonlocal-med/metrics';
import { graphNames } from '@nonlocal-med/models';
import type { ExportedModel } from '../inference/openExportedModel.js';
import { versions } from '../run/describeEnvironment.js';

/** A calibration as factors on logits: calibrated probabilities are the softmax, or sigmoids, of slope * logit + intercept. */
export interface ScaledLogits {
  readonly slopes: readonly number[];
  readonly intercepts: readonly number[];
}

/** The calibration of a decision as factors on the logits; null without one. */
export function scaledLogits(
  decision: Decision | null,
  { labels }: Pick<ExportedModel, 'labels'>,
): ScaledLogits | null {
  const calibration = decision?.calibration ?? { method: 'none' };
  switch (calibration.method) {
    case 'none':
      return null;
    case 'temperature':
      // softmax(log(p) / temperature) = softmax(logits / temperature)
      return {
        slopes: labels.map(() => 1 / calibration.temperature),
        intercepts: labels.map(() => 0),
      };
    case 'platt':
      return {
        slopes: calibration.findings.map(({ sigmoid }) => sigmoid?.slope ?? 1),
        intercepts: calibration.findings.map(({ sigmoid }) => sigmoid?.intercept ?? 0),
      };
  }
}

/** `metadata.json` of an export, and the metadata of an ONNX file: everything needed to use the model. */
export type ExportMetadata = Readonly<Record<string, unknown>>;

/** What {@link exportMetadata} describes. */
export type DescribedModel = Pick<ExportedModel, 'name' | 'task' | 'labels' | 'preprocessing'>;

/**
 * Describes an exported model.
 * @param calibration what `scaledLogits` gives for the decision
 */
export function exportMetadata(
  { name, task, labels, preprocessing }: DescribedModel,
  {
    decision,
    calibration,
  }: { readonly decision: Decision | null; readonly calibration: ScaledLogits | null },
): ExportMetadata {
  const [height, width] = preprocessing.size;
  const { input, logits, probabilities, calibrated } = graphNames;
  const function_ =
    task === 'multilabel' ? 'the sigmoid of each logit' : 'the softmax of the logits';
  return {
    metadata_version: 1,
    producer: `nonlocal-med ${producerVersion()}`,
    model: name,
    task,
    labels,
    input: {
      name: input,
      type: 'float32',
      shape: ['batch', height, width, 3],
      values:
        'RGB values from 0 to 255 of images that were prepared as `preprocessing` says: fit, size, color, contrast. Normalization by mean and std is inside the model.',
      prepare: 'preprocess.py',
    },
    outputs: {
      [logits]: 'one per label',
      [probabilities]: function_,
      ...(calibration === null ? {} : { [calibrated]: 'probabilities after the calibration' }),
    },
    preprocessing: {
      ...preprocessing,
      inside: ['normalization'],
      outside: ['decoding', 'fit', 'size', 'color', 'contrast'],
    },
    ...(decision === null
      ? {}
      : {
          calibration: decision.calibration,
          ...(calibration === null ? {} : { calibration_of_logits: calibration }),
          compared: decision.calibrated ? calibrated : probabilities,
          operating_points: decision.calibrated ? decision.calibratedPoints : decision.points,
        }),
  };
}

/** Version of the package that defines the models. */
export const producerVersion = (): string => versions()['@nonlocal-med/models'];
