import type { ExperimentRecord } from '@nonlocal-med/runs';

/** The note of experiments by earlier versions that show published results of another data set. */
const otherData = /^The published numbers are for (.+), not for this data set/;

/**
 * An experiment without published results that are for another data set: nothing can be concluded from numbers beside
 * each other that were measured on different images. Earlier versions recorded such results with a note, by which they
 * are recognized; the note then says that they are not shown.
 */
export function withoutForeignResults(experiment: ExperimentRecord): ExperimentRecord {
  const { manifest } = experiment;
  if (!manifest.notes.some((note) => otherData.test(note))) return experiment;
  return {
    ...experiment,
    manifest: {
      ...manifest,
      rows: manifest.rows
        .filter(({ reproduced }) => reproduced)
        .map((row) =>
          row.published === undefined ? row : { ...row, published: undefined, note: undefined },
        ),
      notes: manifest.notes.map((note) => {
        const data = otherData.exec(note)?.[1];
        return data === undefined
          ? note
          : `Published results are not shown: they are for ${data}, not for this data set.`;
      }),
    },
  };
}
