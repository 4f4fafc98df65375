/** The decisions that `evaluate` chooses and `predict` applies, as their flags describe them. */
import { InputError } from '@nonlocal-med/core';
import { type DecisionRule, goalText, parseDecisionRule } from '@nonlocal-med/metrics';
import type { DecisionRequest } from '@nonlocal-med/pipeline';
import type { DecisionOptions } from './decisionFlags.js';

/**
 * What the flags request; undefined for what the model recorded.
 * @throws InputError if a rule cannot be read
 */
export function readDecisionRequest(options: DecisionOptions): DecisionRequest | undefined {
  const { calibrated, class: positive } = options;
  const rates = (['sensitivity', 'specificity'] as const).flatMap((kind) =>
    (options[kind] ?? []).map((value): DecisionRule => {
      const target = Number(value);
      if (value.trim() === '' || !(target > 0 && target <= 1))
        throw new InputError({
          path: `--${kind}`,
          message: `got "${value}"`,
          hint: `the wanted ${kind}, above 0 and at most 1, e.g. 0.95`,
        });
      return { goal: { kind, target } };
    }),
  );
  const texts = (options.operatingPoint ?? []).map((text) =>
    parseDecisionRule(text, '--operating-point'),
  );
  const given = [...rates, ...texts];
  const conflict = texts.find((rule) => rule.positive !== undefined);
  if (positive !== undefined && conflict !== undefined)
    throw new InputError({
      path: '--class',
      message: `got "${positive}", and --operating-point "${conflict.positive}: ${goalText(conflict.goal)}"`,
      hint: 'name the class in one of them',
    });
  const rules =
    given.length === 0 && positive !== undefined
      ? [{ positive, goal: { kind: 'youden' } as const }]
      : given.map((rule) => (positive === undefined ? rule : { ...rule, positive }));
  if (rules.length === 0 && calibrated === undefined) return undefined;
  return {
    ...(rules.length === 0 ? {} : { rules }),
    ...(calibrated === undefined ? {} : { calibrated }),
  };
}
