import {
  aucText,
  type CheckedSample,
  FACTS,
  fewText,
  type Shortcuts,
  tellClasses,
} from './classShortcuts.js';
import { findFindingShortcuts } from './findingShortcuts.js';

export type { Shortcuts };

/**
 * Finds out whether the class of an image, or each of its findings, can be recognized from its file alone: from size,
 * aspect, bit depth, file type, file size, color and border. Predictions of a small forest of decision trees in five folds,
 * in which the images of a group stay together; equal data gives equal results.
 * @returns undefined for images without files, and for fewer than two classes of at least ten images in five groups
 */
export function findShortcuts({
  samples,
  classes,
}: {
  readonly samples: readonly CheckedSample[];
  readonly classes: readonly string[];
}): Shortcuts | undefined {
  if (samples.some(({ facts }) => facts === undefined)) return undefined;
  if (samples.some(({ findings }) => findings !== undefined))
    return findFindingShortcuts({ samples, findings: classes });
  const told = tellClasses({ samples, classes });
  return told && { ...told, message: describe(told) };
}

function describe({ classes, leftOut }: Omit<Shortcuts, 'message'>): string {
  const few = fewText(leftOut);
  const found = classes
    .filter(({ warning }) => warning)
    .sort((a, b) => b.against.length - a.against.length || (a.name < b.name ? -1 : 1))
    // Of two classes that are told from each other, one is enough.
    .filter(
      ({ against }, index, list) =>
        index === 0 || against.length > 1 || list[index - 1].name !== against[0],
    );
  if (found.length === 0) {
    const most = classes.reduce((best, next) => (next.auc > best.auc ? next : best));
    const best = `at most ${aucText(most)}, for "${most.name}"`;
    return most.lower !== null && most.lower > 0.5
      ? `Facts on the files (${FACTS}) may tell the classes apart, but the difference is too small or too uncertain for a warning: ${best}.${few}`
      : `Facts on the files (${FACTS}) do not tell the classes apart: ${best}.${few}`;
  }
  const told = found.map(
    (entry) =>
      `"${entry.name}" from ${entry.against.map((name) => `"${name}"`).join(', ')} with ${aucText(entry)}, by ${entry.fact} alone ${entry.factAuc.toFixed(2)}`,
  );
  return `A class can be recognized without looking at the image, from ${FACTS} alone: ${told.join('; ')}. A model may learn this instead of the disease: prepare all classes in the same way, or test on images of one source.${few}`;
}
