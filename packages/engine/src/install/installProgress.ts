/** What an installation tells while it works. */
export interface InstallProgress {
  /** One line for each step. */
  readonly line: (text: string) => void;
  /** Bytes fetched so far, a few times a second. */
  readonly bytes: (done: number, total: number) => void;
}

/** Tells nothing. */
export const silent: InstallProgress = { line: () => undefined, bytes: () => undefined };
