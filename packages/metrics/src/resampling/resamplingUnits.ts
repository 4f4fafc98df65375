import { checkLength } from '../input/checkLength.js';

/** What is drawn with replacement: samples within their class, or whole groups. */
export interface ResamplingUnits {
  /** Unit of each sample, [count]. */
  readonly unitOf: Int32Array;
  /** Units that are drawn among themselves, as many as there are. */
  readonly strata: readonly Int32Array[];
}

/**
 * Units of a bootstrap. Samples are drawn within their class, so that each resample keeps the class sizes and no class
 * is ever absent (spec 10.3). With `groups` (the patient of each sample) whole groups are drawn over all classes:
 * images of one patient are not independent.
 */
export function resamplingUnits(
  labels: ArrayLike<number>,
  groups?: readonly string[],
): ResamplingUnits {
  if (groups === undefined) {
    const strata = new Map<number, number[]>();
    for (let i = 0; i < labels.length; i++) {
      const members = strata.get(labels[i]);
      if (members === undefined) strata.set(labels[i], [i]);
      else members.push(i);
    }
    return {
      unitOf: Int32Array.from({ length: labels.length }, (_, i) => i),
      strata: [...strata.values()].map((members) => Int32Array.from(members)),
    };
  }
  checkLength('groups', groups.length, labels.length);
  const names = new Map<string, number>();
  const unitOf = Int32Array.from(groups, (name) => {
    const unit = names.get(name) ?? names.size;
    names.set(name, unit);
    return unit;
  });
  return { unitOf, strata: [Int32Array.from({ length: names.size }, (_, unit) => unit)] };
}
