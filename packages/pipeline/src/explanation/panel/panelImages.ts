import { argmaxRows, type Predictions } from '@nonlocal-med/core';

/** A test image that all runs were tested on, and how much it shows. */
export interface PanelCandidate {
  readonly id: string;
  readonly label: number;
  /** 0: the runs differ and the last one is right; 1: they differ; 2: they say the same. */
  readonly rank: 0 | 1 | 2;
}

/** The test images that all runs have, in the order of the last one. @param predictions of each run, the baseline first. */
export function panelCandidates(predictions: readonly Predictions[]): PanelCandidate[] {
  const runs = predictions.map((own) => {
    const predicted = argmaxRows(own.probabilities, own.classes.length);
    return new Map(
      own.ids.map((id, index) => [id, { predicted: predicted[index], label: own.labels[index] }]),
    );
  });
  return [...runs[runs.length - 1]].flatMap(([id, { predicted, label }]): PanelCandidate[] => {
    if (!runs.every((run) => run.has(id))) return [];
    const differ = runs.some((run) => run.get(id)!.predicted !== predicted);
    return [{ id, label, rank: differ ? (predicted === label ? 0 : 1) : 2 }];
  });
}

/**
 * Ids of the images that show most, the same ones each time: those on which the runs differ, in turn one where the last run
 * is right and one where it is not; then the others. Each kind has images with lesions before others, the classes in
 * turn, small lesions first.
 * @param lesionShares share of the image that is lesion, by id; images without lesions or mask are absent.
 */
export function panelImages(
  candidates: readonly PanelCandidate[],
  lesionShares: ReadonlyMap<string, number>,
  count: number,
): string[] {
  const [right, wrong, same] = ([0, 1, 2] as const).map((rank) =>
    inTurns(
      candidates.filter((candidate) => candidate.rank === rank),
      lesionShares,
    ),
  );
  const differing =
    right.length > wrong.length
      ? right.flatMap((id, i) => [id, ...wrong.slice(i, i + 1)])
      : wrong.flatMap((id, i) => [...right.slice(i, i + 1), id]);
  return [...differing, ...same].slice(0, count);
}

function inTurns(
  candidates: readonly PanelCandidate[],
  lesionShares: ReadonlyMap<string, number>,
): string[] {
  const share = (id: string): number => lesionShares.get(id) ?? 2; // an image without lesions comes last
  const bySize = [...candidates].sort(
    (a, b) => share(a.id) - share(b.id) || (a.id < b.id ? -1 : 1),
  );
  const turns = new Map<number, number>();
  const ranked = bySize.map(({ id, label }) => {
    const turn = turns.get(label) ?? 0;
    turns.set(label, turn + 1);
    return { id, turn };
  });
  const withoutLesion = (id: string): number =>
    Number(lesionShares.size > 0 && !lesionShares.has(id));
  return ranked
    .sort(
      (a, b) =>
        withoutLesion(a.id) - withoutLesion(b.id) ||
        a.turn - b.turn ||
        share(a.id) - share(b.id) ||
        (a.id < b.id ? -1 : 1),
    )
    .map(({ id }) => id);
}
