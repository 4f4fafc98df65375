/** Groups with equal class counts, which are interchangeable. */
export interface GroupKind {
  /** The classes that a group of this kind has images of, with their numbers. */
  readonly cells: readonly { readonly label: number; readonly count: number }[];
  /** Number of groups of this kind in each part, [parts]. */
  readonly inPart: number[];
}

/** A group of a kind joins (1) or leaves (-1) a part. */
export interface Step {
  readonly kind: GroupKind;
  readonly part: number;
  readonly sign: 1 | -1;
}

/** A division of groups among parts that knows its cost and how a change would affect it. */
export interface Allocation {
  readonly kinds: readonly GroupKind[];
  readonly kindOfGroup: readonly number[];
  readonly parts: number;
  readonly cost: () => number;
  /** The change in cost that steps would cause. */
  readonly changeOf: (steps: readonly Step[]) => number;
  readonly apply: (steps: readonly Step[]) => void;
  /** Moves one group of a kind if that lowers the cost; returns whether it did. */
  readonly move: (kind: GroupKind, from: number, to: number) => boolean;
  /** Exchanges a group of `a` in `from` for one of `b` in `to` if that lowers the cost; returns whether it did. */
  readonly exchange: (
    a: GroupKind,
    b: GroupKind,
    parts: { readonly from: number; readonly to: number },
  ) => boolean;
}

/** Cost of an empty cell with a target: more than all distances of a real data set together. */
const EMPTY_CELL_COST = 1e9;
/** Smaller improvements are rounding errors. */
const MINIMUM_GAIN = 1e-9;

/**
 * An allocation in which no group is in any part yet.
 *
 * @param counts images per class of each group, [groups, classes]
 * @param targets images per class for each part, [parts, classes]
 */
export function createAllocation(
  counts: readonly (readonly number[])[],
  targets: readonly (readonly number[])[],
): Allocation {
  const sums = targets.map((row) => row.map(() => 0));
  const { kinds, kindOfGroup } = findKinds(counts, targets.length);
  const cellCost = (part: number, label: number, sum: number): number => {
    const target = targets[part][label];
    return (
      (sum - target) ** 2 / Math.max(target, 1) + (sum <= 0 && target > 0 ? EMPTY_CELL_COST : 0)
    );
  };
  const apply = (steps: readonly Step[]): void => {
    for (const { kind, part, sign } of steps) {
      kind.inPart[part] += sign;
      for (const { label, count } of kind.cells) sums[part][label] += sign * count;
    }
  };
  const changeOf = (steps: readonly Step[]): number => {
    let change = 0;
    for (const { kind, part, sign } of steps) {
      for (const { label, count } of kind.cells) {
        const before = sums[part][label];
        sums[part][label] = before + sign * count;
        change += cellCost(part, label, sums[part][label]) - cellCost(part, label, before);
      }
    }
    for (const { kind, part, sign } of steps)
      for (const { label, count } of kind.cells) sums[part][label] -= sign * count;
    return change;
  };
  const applyIfBetter = (steps: readonly Step[]): boolean => {
    if (changeOf(steps) > -MINIMUM_GAIN) return false;
    apply(steps);
    return true;
  };
  return {
    kinds,
    kindOfGroup,
    parts: targets.length,
    cost: () =>
      sums.reduce(
        (total, row, part) =>
          total + row.reduce((sum, value, label) => sum + cellCost(part, label, value), 0),
        0,
      ),
    changeOf,
    apply,
    move: (kind, from, to) =>
      from !== to &&
      kind.inPart[from] > 0 &&
      applyIfBetter([
        { kind, part: from, sign: -1 },
        { kind, part: to, sign: 1 },
      ]),
    exchange: (a, b, { from, to }) =>
      from !== to &&
      a !== b &&
      a.inPart[from] > 0 &&
      b.inPart[to] > 0 &&
      applyIfBetter([
        { kind: a, part: from, sign: -1 },
        { kind: a, part: to, sign: 1 },
        { kind: b, part: to, sign: -1 },
        { kind: b, part: from, sign: 1 },
      ]),
  };
}

function findKinds(
  counts: readonly (readonly number[])[],
  parts: number,
): { kinds: GroupKind[]; kindOfGroup: number[] } {
  const indexOf = new Map<string, number>();
  const kinds: GroupKind[] = [];
  const kindOfGroup = counts.map((row) => {
    const key = row.join();
    if (!indexOf.has(key)) {
      indexOf.set(key, kinds.length);
      const cells = row.flatMap((count, label) => (count > 0 ? [{ label, count }] : []));
      kinds.push({ cells, inPart: new Array<number>(parts).fill(0) });
    }
    return indexOf.get(key)!;
  });
  return { kinds, kindOfGroup };
}
