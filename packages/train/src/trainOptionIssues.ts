import type { Issue } from '@nonlocal-med/core';
import type { TrainOptions } from './trainOptions.js';

/** The values of these options while nothing is given: what changes nothing may stand in any configuration. */
const unused = {
  adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  sgd: { momentum: 0.9, nesterov: false },
  focal: { gamma: 2 },
} as const;

/** Issues of training options that are valid by themselves but not in combination. */
export function trainOptionIssues(options: Omit<TrainOptions, 'seed'>): Issue[] {
  const { optimizer, sgd, loss, labelSmoothing } = options;
  const withoutEffect = [
    { option: 'adam', uses: optimizer !== 'sgd', because: `the optimizer is ${optimizer}` },
    { option: 'sgd', uses: optimizer === 'sgd', because: `the optimizer is ${optimizer}` },
    { option: 'focal', uses: loss === 'focal', because: `the loss is ${loss}` },
  ] as const;
  const issues = withoutEffect.flatMap(({ option, uses, because }): Issue[] => {
    const given = JSON.stringify(options[option]);
    return uses || given === JSON.stringify(unused[option])
      ? []
      : [{ path: option, message: `has no effect: ${because}`, hint: 'leave it out' }];
  });
  if (optimizer === 'sgd' && sgd.nesterov && sgd.momentum === 0)
    issues.push({
      path: 'sgd.nesterov',
      message: "Nesterov's momentum needs a momentum",
      hint: 'sgd.momentum above 0, such as 0.9',
    });
  if (loss === 'focal' && labelSmoothing > 0)
    issues.push({
      path: 'labelSmoothing',
      message: 'cannot be combined with the focal loss',
      hint: 'set only one of them',
    });
  return issues;
}
