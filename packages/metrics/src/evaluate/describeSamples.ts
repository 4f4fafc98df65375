import type { SampleFacts } from './sampleFacts.js';

/** What a reader of the numbers should know about the samples, one sentence each. */
export function describeSamples(
  { count, classes, support, predicted }: SampleFacts,
  unlabelled: number,
): string[] {
  const list = (wanted: (classIndex: number) => boolean): string =>
    classes
      .filter((_, c) => wanted(c))
      .map((name) => `"${name}"`)
      .join(', ');
  const notes: string[] = [];
  if (unlabelled > 0) notes.push(`${unlabelled} samples without known truth are left out.`);
  if (count === 0) return [...notes, 'No sample has a known class: nothing can be measured.'];
  const absent = list((c) => support[c] === 0);
  const single = list((c) => support[c] === 1);
  const unused = list((c) => support[c] > 0 && predicted[c] === 0);
  if (absent !== '')
    notes.push(
      `Absent from the samples: ${absent}. Means over classes of AUC, average precision and sensitivity leave them out.`,
    );
  if (single !== '')
    notes.push(
      `A single sample only: ${single}. Resampling cannot vary it; DeLong's variance is not defined.`,
    );
  if (unused !== '')
    notes.push(`Never predicted: ${unused}. The mean of precision leaves them out; their F1 is 0.`);
  return notes;
}
