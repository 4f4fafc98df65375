import { InputError, type TaskPredictions } from '@nonlocal-med/core';
import { alignPredictions } from './alignPredictions.js';

/**
 * The predictions of an ensemble: the mean of its members' probabilities for each image, matched by id. A mean of
 * distributions is a distribution, and findings are averaged one by one.
 * @param members predictions of the same images, with the same classes in the same order
 * @throws InputError if there are no members, their classes, images or true classes differ, or one of them has decisions only
 */
export function averagePredictions<P extends TaskPredictions>(members: readonly P[]): P {
  if (members.length === 0)
    throw new InputError({ path: 'ensemble', message: 'has no members', hint: 'one or more' });
  members.forEach((member, i) => {
    if (member.decisionsOnly === true)
      throw new InputError({
        path: `predictions ${i + 1}`,
        message: 'are decisions without probabilities, which have no mean',
        hint: 'a majority vote: the decisions of several readers in one file',
      });
  });
  const aligned = alignPredictions(members);
  const [first] = aligned;
  const mean = first.probabilities.map(
    (_, i) => aligned.reduce((sum, member) => sum + member.probabilities[i], 0) / aligned.length,
  );
  return { ...first, probabilities: mean };
}
