import { InputError, unknownName } from '@nonlocal-med/core';
import { checkGoal, type OperatingGoal } from './operatingPoint.js';

/** Which decision is wanted: for what, and by which rule its threshold is chosen. */
export interface DecisionRule {
  /** A class, several classes joined by `+`, or a finding; absent for each class or finding. */
  readonly positive?: string;
  readonly goal: OperatingGoal;
}

const FORMS =
  '"specificity>=0.95", "sensitivity>=0.9", "youden", "f1" or "cost=10" (a missed positive costs 10 false alarms; "cost=10@0.02" at a prevalence of 2 %), with a class before it: "referable: specificity>=0.95"';

/**
 * Reads `specificity>=0.95`, `sensitivity>=0.9`, `youden`, `f1` or `cost=10`, for each class, or with a class before it:
 * `referable: specificity>=0.95`, `grade 2+grade 3: youden`. A rate may be in percent (`95 %`), and a cost may name the
 * prevalence: `cost=10@0.02`.
 * @param path what errors call the text, such as the flag that gave it
 * @throws InputError when the text is none of these, or its number is out of range
 * @example
 * ```ts
 * import { parseDecisionRule } from '@nonlocal-med/metrics';
 *
 * const { positive, goal } = parseDecisionRule('referable: specificity>=95%');
 * console.log(positive, goal); // referable { kind: 'specificity', target: 0.95 }
 * ```
 */
export function parseDecisionRule(text: string, path = 'operatingPoints'): DecisionRule {
  const colon = text.lastIndexOf(':');
  const positive = colon < 0 ? undefined : text.slice(0, colon).trim();
  const goal = parseGoal(text.slice(colon + 1).trim());
  if (goal === undefined || positive === '')
    throw new InputError({ path, message: `got "${text}"`, hint: FORMS });
  try {
    checkGoal(goal);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const [{ hint }] = error.issues;
    throw new InputError({ path, message: `got "${text}", which is out of range`, hint });
  }
  return { ...(positive === undefined ? {} : { positive }), goal };
}

function parseGoal(text: string): OperatingGoal | undefined {
  const number = String.raw`(\d*\.?\d+(?:e-?\d+)?)`;
  const rate = new RegExp(`^(sensitivity|specificity)\\s*(?:>=|≥)\\s*${number}\\s*(%?)$`, 'i').exec(
    text,
  );
  if (rate !== null)
    return {
      kind: rate[1].toLowerCase() as 'sensitivity' | 'specificity',
      target: Number(rate[2]) / (rate[3] === '%' ? 100 : 1),
    };
  const cost = new RegExp(`^cost\\s*=\\s*${number}(?:\\s*@\\s*${number}\\s*(%?))?$`, 'i').exec(
    text,
  );
  if (cost !== null)
    return {
      kind: 'cost',
      ratio: Number(cost[1]),
      ...(cost[2] === undefined
        ? {}
        : { prevalence: Number(cost[2]) / (cost[3] === '%' ? 100 : 1) }),
    };
  const name = text.toLowerCase();
  return name === 'youden' || name === 'f1' ? { kind: name } : undefined;
}

/** A goal as {@link parseDecisionRule} reads it: `specificity>=0.95`. */
export function goalText(goal: OperatingGoal): string {
  switch (goal.kind) {
    case 'sensitivity':
    case 'specificity':
      return `${goal.kind}>=${goal.target}`;
    case 'cost':
      return `cost=${goal.ratio}${goal.prevalence === undefined ? '' : `@${goal.prevalence}`}`;
    case 'youden':
    case 'f1':
      return goal.kind;
  }
}

/** A goal in words, after "for": `a specificity of at least 95 %`. */
export function describeGoal(goal: OperatingGoal): string {
  switch (goal.kind) {
    case 'sensitivity':
    case 'specificity':
      return `a ${goal.kind} of at least ${percent(goal.target)}`;
    case 'youden':
      return "the largest Youden's J (sensitivity + specificity - 1)";
    case 'f1':
      return 'the largest F1';
    case 'cost':
      return `the smallest cost, with a missed positive as costly as ${goal.ratio} false alarms${goal.prevalence === undefined ? '' : ` at a prevalence of ${percent(goal.prevalence)}`}`;
  }
}

const percent = (fraction: number): string => `${Number((100 * fraction).toPrecision(10))} %`;

/**
 * The classes or findings that a rule calls positive, by their names.
 * @param names all classes or findings
 * @throws InputError when one is unknown, or they are all classes
 */
export function positivesOf(
  positive: string,
  names: readonly string[],
  { path = 'operatingPoints', kind = 'class' }: { path?: string; kind?: 'class' | 'finding' } = {},
): readonly string[] {
  if (names.includes(positive)) return [positive];
  const parts = positive.split('+').map((part) => part.trim());
  const unknown = parts.find((part) => !names.includes(part));
  if (unknown !== undefined)
    throw new InputError(unknownName({ path, kind, name: unknown, known: names }));
  if (kind === 'finding' || parts.length >= names.length || new Set(parts).size < parts.length)
    throw new InputError({
      path,
      message: `got "${positive}"`,
      hint:
        kind === 'finding'
          ? 'one finding; each has its own probability'
          : 'one class, or several different ones joined by +, but not all',
    });
  return parts;
}
