import type { Decision, DecisionReport } from '@nonlocal-med/metrics';
import { z } from 'zod';
import { parseChecked } from '../checkedText.js';
import { count, type WeightsChoice, weightsChoice } from '../schemaParts.js';

const names = z.array(z.string().min(1)).min(1);

const goal = z
  .looseObject({
    kind: z.enum(['sensitivity', 'specificity', 'youden', 'f1', 'cost']),
    target: z.number().optional().describe('The wanted sensitivity or specificity.'),
    ratio: z.number().optional().describe('False alarms that a missed positive costs.'),
    prevalence: z.number().optional().describe('Share of positives for which the cost counts.'),
  })
  .describe('By which rule the threshold was chosen.');

const point = z.looseObject({
  positive: names.describe('Classes that are called positive, or the finding.'),
  goal,
  threshold: z
    .number()
    .describe('Positive from this on: the probability, or the sum of those of the classes.'),
  reached: z.boolean().describe('False if no threshold reaches the goal.'),
  statement: z.string().optional(),
  caution: z.string().optional().describe('Why the choice is not to be relied on.'),
  sensitivity: z.number().describe('On the validation set.'),
  specificity: z.number().describe('On the validation set.'),
  positives: count.describe('Positive images of the validation set.'),
  negatives: count.describe('Negative images of the validation set.'),
  groups: count.optional().describe('Patients of the validation set.'),
});

const sigmoid = z.looseObject({ slope: z.number(), intercept: z.number() });

const calibration = z
  .discriminatedUnion('method', [
    z
      .looseObject({
        method: z.literal('temperature'),
        temperature: z.number().positive(),
        samples: count,
      })
      .describe('Probabilities are softmax(log(p) / temperature).'),
    z
      .looseObject({
        method: z.literal('platt'),
        findings: z.array(
          z.looseObject({
            finding: z.string(),
            sigmoid: sigmoid.nullable(),
            noneBecause: z.string().optional(),
          }),
        ),
      })
      .describe('Per finding, probabilities are sigmoid(slope * logit(p) + intercept).'),
    z.looseObject({ method: z.literal('none'), because: z.string() }),
  ])
  .describe('Fitted on the validation set.');

const decision = z.looseObject({
  samples: count.describe('Images of the validation set.'),
  groups: count.optional().describe('Their patients, if known.'),
  calibrated: z
    .boolean()
    .describe('Whether probabilities are calibrated before they are shown and compared.'),
  calibration,
  points: z.array(point).describe('Chosen on probabilities as the model gives them.'),
  calibratedPoints: z.array(point).describe('Chosen on calibrated probabilities.'),
  refused: z
    .array(z.looseObject({ positive: names, goal, because: z.string() }))
    .describe('Rules by which no threshold could be chosen.'),
});

export const decisionRecordSchema = decision
  .extend({
    version: z.literal(1).describe('Version of this format.'),
    weights: weightsChoice.describe('Weights of the run that it was made with.'),
    classes: names.describe('Classes or findings of the model, in the order of its output.'),
  })
  .transform((checked) => checked as unknown as DecisionRecord);

/** `decision.json` in the folder of a run and of its exported model: how a probability becomes a decision. */
export interface DecisionRecord extends Decision {
  readonly version: 1;
  /** Weights of the run that it was made with: those of the exported model. */
  readonly weights: WeightsChoice;
  /** Classes or findings of the model, in the order of its output. */
  readonly classes: readonly string[];
}

/**
 * The content of a `decision.json`.
 * @param path names the file in errors
 * @throws InputError with every issue
 */
export const parseDecision = (text: string, path: string): DecisionRecord =>
  parseChecked(text, { schema: decisionRecordSchema, path });

const estimate = z.looseObject({ value: z.number().nullable() });
const rate = estimate.extend({ count, total: count });
const summary = z.looseObject({
  calibrationError: estimate,
  brierScore: estimate,
  logLoss: estimate,
});

/** A decision with its results on the test set, as `metrics.json` has it. */
export const decisionReportSchema = z
  .looseObject({
    samples: count,
    calibrated: z.boolean(),
    calibration,
    points: z.array(
      z.looseObject({
        chosen: point,
        test: z.looseObject({
          threshold: z.number(),
          confidence: z.number(),
          sensitivity: rate,
          specificity: rate,
          ppv: rate,
          npv: rate,
          accuracy: rate,
        }),
        atTarget: estimate.optional(),
      }),
    ),
    before: summary,
    after: summary.nullable(),
  })
  .transform((checked) => checked as unknown as DecisionReport);
