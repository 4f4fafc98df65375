import { checkState, type Optimizer, type OptimizerState } from './optimizer.js';
import type { LiveWeights, NamedWeight, WeightValues } from './weights.js';

const moments = ['first', 'second'] as const;

/**
 * One optimizer for weights with different learning rates, as PyTorch's parameter groups: each group has an optimizer for
 * its factor on the learning rate.
 * @param create the optimizer of a group
 */
export function groupByRate(
  weights: readonly NamedWeight[],
  create: (group: readonly NamedWeight[]) => Optimizer,
): Optimizer {
  const rates = [...new Set(weights.map(({ rate = 1 }) => rate))];
  if (rates.length <= 1 && (rates[0] ?? 1) === 1) return create(weights);
  const groups = rates.map((rate) => {
    const indices = weights.flatMap((weight, index) =>
      (weight.rate ?? 1) === rate ? [index] : [],
    );
    const members = indices.map((index) => weights[index]);
    return { rate, indices, members, optimizer: create(members) };
  });
  const state = (): OptimizerState<LiveWeights> => {
    const states = groups.map(({ optimizer }) => optimizer.state());
    const merge = (which: (typeof moments)[number]): LiveWeights =>
      new Map(states.flatMap((own) => [...own[which]]));
    return { step: states[0].step, first: merge('first'), second: merge('second') };
  };
  return {
    kind: groups[0].optimizer.kind,
    apply: (gradients, learningRate) =>
      groups.forEach(({ rate, indices, optimizer }) =>
        optimizer.apply(
          indices.map((index) => gradients[index]),
          learningRate * rate,
        ),
      ),
    state,
    importState(given) {
      const own = state();
      checkState(given, { weights, moments: moments.filter((which) => own[which].size > 0) });
      for (const { members, optimizer } of groups) {
        const names = new Set(members.map(({ name }) => name));
        const part = (values: WeightValues): WeightValues =>
          new Map([...values].filter(([name]) => names.has(name)));
        optimizer.importState({
          step: given.step,
          first: part(given.first),
          second: part(given.second),
        });
      }
    },
    dispose: () => groups.forEach(({ optimizer }) => optimizer.dispose()),
  };
}
