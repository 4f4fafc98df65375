import { InputError } from '@nonlocal-med/core';
import { parseDecisionRule } from '@nonlocal-med/metrics/options';
import { z } from 'zod';

const rule = z.string().superRefine((text, context) => {
  try {
    parseDecisionRule(text);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const [{ hint = error.message }] = error.issues;
    context.addIssue({ code: 'custom', message: hint });
  }
});

/** Options of the decisions that a run makes on its validation set; see docs/operating-points.md. */
export const decisionSchema = z
  .strictObject({
    operatingPoints: z
      .array(rule)
      .min(1)
      .optional()
      .describe(
        'Thresholds to choose on the validation set: sensitivity>=0.9, specificity>=0.95, youden, f1 or cost=10 (a missed positive costs 10 false alarms), for each class or finding, or with one before it: "referable: specificity>=0.95"; classes joined by + are one. Default: youden.',
      ),
    calibrated: z
      .boolean()
      .default(false)
      .describe(
        'Calibrate probabilities before they are compared with thresholds and shown by `predict`. The calibration is fitted on the validation set and stored in any case; the metrics of the run are those of the network.',
      ),
  })
  .describe('How a probability becomes a decision.');
