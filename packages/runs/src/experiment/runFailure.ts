/** What `<run>.failure.json` holds. */
export interface RunFailure {
  readonly message: string;
  readonly time: string;
  /** Exit code of the run's process, or the signal that ended it. */
  readonly ended: number | string | null;
}
