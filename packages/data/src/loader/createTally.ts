import type { BatchWork } from './batchTask.js';

/** What a loader has done so far. */
export interface LoaderStatistics {
  /** Batches that the consumer has had, and the time it has waited for them. */
  readonly batches: number;
  readonly waitMilliseconds: number;
  /** Images decoded and preprocessed, and the threads' time for it. */
  readonly decoded: number;
  readonly decodeMilliseconds: number;
  /** The threads' time for augmentation and normalisation. */
  readonly finishMilliseconds: number;
  /** Images that came from a cache. */
  readonly memoryHits: number;
  readonly diskHits: number;
  /** The most batches there have been that were begun and that the consumer had not had. */
  readonly mostAhead: number;
}

/** Counts what a loader does. */
export interface LoaderTally {
  /** A batch was begun. */
  readonly begin: () => void;
  /** A batch was made. */
  readonly work: (work: BatchWork) => void;
  /** The consumer took a batch. */
  readonly take: (waitMilliseconds: number) => void;
  /** Batches begun are not wanted any more. */
  readonly drop: (count: number) => void;
  readonly read: () => LoaderStatistics;
}

/** A tally at zero. */
export function createTally(): LoaderTally {
  let ahead = 0;
  const total = {
    batches: 0,
    waitMilliseconds: 0,
    decoded: 0,
    decodeMilliseconds: 0,
    finishMilliseconds: 0,
    memoryHits: 0,
    diskHits: 0,
    mostAhead: 0,
  };
  return {
    begin: () => (total.mostAhead = Math.max(total.mostAhead, ++ahead)),
    work({ decoded, decodeMilliseconds, finishMilliseconds, memoryHits, diskHits }) {
      total.decoded += decoded;
      total.decodeMilliseconds += decodeMilliseconds;
      total.finishMilliseconds += finishMilliseconds;
      total.memoryHits += memoryHits;
      total.diskHits += diskHits;
    },
    take(waitMilliseconds) {
      ahead--;
      total.batches++;
      total.waitMilliseconds += waitMilliseconds;
    },
    drop: (count) => (ahead -= count),
    read: () => ({ ...total }),
  };
}
