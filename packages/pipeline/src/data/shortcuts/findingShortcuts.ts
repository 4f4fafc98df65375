import {
  aucText,
  type CheckedSample,
  type ClassShortcut,
  FACTS,
  fewText,
  type Shortcuts,
  tellClasses,
} from './classShortcuts.js';

/** Images with a finding, and as many without, that are looked at: enough for an interval of 0.02, in seconds. */
const LOOKED_AT = 2000;

/**
 * Finds out for each finding whether images with it can be told from those without by facts on their files alone. Images of
 * which it is not known are left out.
 * @returns undefined if no finding is present and absent in at least ten images of five groups each
 */
export function findFindingShortcuts({
  samples,
  findings,
}: {
  readonly samples: readonly CheckedSample[];
  readonly findings: readonly string[];
}): Shortcuts | undefined {
  const told = findings.map((name, f): ClassShortcut | undefined => {
    const having = (label: number): CheckedSample[] =>
      spread(samples.filter((sample) => sample.findings?.[f] === label)).map((sample) => ({
        ...sample,
        label,
      }));
    const result = tellClasses({
      samples: [...having(0), ...having(1)],
      classes: ['absent', 'present'],
    });
    const present = result?.classes.at(-1);
    return present && { ...present, name, against: [`images without "${name}"`] };
  });
  const classes = told.filter((entry) => entry !== undefined);
  if (classes.length === 0) return undefined;
  const leftOut = findings.filter((_, f) => told[f] === undefined);
  return {
    classes,
    leftOut,
    images: samples.length,
    message: describe(classes) + fewText(leftOut),
  };
}

/** At most so many of the images, evenly spread over all. */
function spread(samples: readonly CheckedSample[]): CheckedSample[] {
  const step = Math.max(1, samples.length / LOOKED_AT);
  return Array.from(
    { length: Math.min(samples.length, LOOKED_AT) },
    (_, i) => samples[Math.floor(i * step)],
  );
}

function describe(findings: readonly ClassShortcut[]): string {
  const found = findings.filter(({ warning }) => warning).sort((a, b) => b.auc - a.auc);
  const most = findings.reduce((best, next) => (next.auc > best.auc ? next : best));
  if (found.length === 0)
    return `Facts on the files (${FACTS}) do not tell images with a finding from those without, or too little for a warning: at most ${aucText(most)}, for "${most.name}".`;
  const told = found.map(
    (entry) =>
      `"${entry.name}" with ${aucText(entry)}, by ${entry.fact} alone ${entry.factAuc.toFixed(2)}`,
  );
  return `${found.length === 1 ? 'A finding' : 'Findings'} can be recognized without looking at the image, from ${FACTS} alone: ${told.join('; ')}. A model may learn this instead of the disease: prepare images with and without it in the same way, or test on images of one source.`;
}
