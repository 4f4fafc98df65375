import type { Random } from '@nonlocal-med/core';
import { type Allocation, createAllocation } from './allocation.js';

/** Independent starts of the search; the best result counts. */
const STARTS = 6;
/** Most improvement sweeps per start; it ends early when nothing improves. */
const SWEEPS = 50;
/** Most exchanges tried in one sweep; if more are possible, this many are sampled at random. */
const EXCHANGES = 400_000;

/**
 * Divides groups among parts so that the number of images of each class in each part is as close as possible to its
 * target: minimizes the sum over parts and classes of (count - target)^2 / target, where an empty cell with a target
 * costs more than any distance. Random starts (groups dealt in shuffled order to the part that lacks them most), each
 * improved by moving and exchanging groups until nothing helps.
 *
 * @param counts images per class of each group, [groups, classes]
 * @param targets images per class for each part, [parts, classes]
 * @returns the part of each group, [groups]
 */
export function allocateGroups(
  counts: readonly (readonly number[])[],
  targets: readonly (readonly number[])[],
  random: Random,
): number[] {
  let best: Allocation | undefined;
  for (let start = 0; start < STARTS; start++) {
    const allocation = createAllocation(counts, targets);
    deal(allocation, random);
    for (let sweep = 0; sweep < SWEEPS; sweep++) if (!improve(allocation, random)) break;
    if (best === undefined || allocation.cost() < best.cost() - 1e-9) best = allocation;
    if (best.cost() < 1e-9) break;
  }
  return assignGroups(best!, random);
}

function deal({ kinds, parts, kindOfGroup, changeOf, apply }: Allocation, random: Random): void {
  for (const group of random.shuffle(kindOfGroup.map((_, index) => index))) {
    const kind = kinds[kindOfGroup[group]];
    let bestPart = 0;
    let bestChange = Infinity;
    for (let part = 0; part < parts; part++) {
      const change = changeOf([{ kind, part, sign: 1 }]);
      if (change < bestChange - 1e-12) [bestPart, bestChange] = [part, change];
    }
    apply([{ kind, part: bestPart, sign: 1 }]);
  }
}

/** One sweep over all moves and exchanges; returns whether something improved. */
export function improve(allocation: Allocation, random: Random): boolean {
  const { kinds, parts } = allocation;
  let improved = false;
  for (const kind of kinds)
    for (let from = 0; from < parts; from++)
      for (let to = 0; to < parts; to++) improved = allocation.move(kind, from, to) || improved;
  const all = kinds.length * kinds.length * parts * parts;
  const tries = Math.min(all, EXCHANGES);
  for (let index = 0; index < tries; index++) {
    let code = all <= EXCHANGES ? index : Math.floor(random.uniform(0, all));
    const from = code % parts;
    code = Math.floor(code / parts);
    const to = code % parts;
    code = Math.floor(code / parts);
    improved =
      allocation.exchange(kinds[code % kinds.length], kinds[Math.floor(code / kinds.length)], {
        from,
        to,
      }) || improved;
  }
  return improved;
}

/** Assigns the groups of each kind to its parts at random: they are interchangeable. */
export function assignGroups({ kinds, kindOfGroup }: Allocation, random: Random): number[] {
  const members = kinds.map(() => [] as number[]);
  kindOfGroup.forEach((kind, group) => members[kind].push(group));
  const result = new Array<number>(kindOfGroup.length);
  members.forEach((groups, kind) => {
    random.shuffle(groups);
    let next = 0;
    kinds[kind].inPart.forEach((count, part) => {
      for (let i = 0; i < count; i++) result[groups[next++]] = part;
    });
  });
  return result;
}
