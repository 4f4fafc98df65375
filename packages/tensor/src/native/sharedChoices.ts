/**
 * Choices between kernels that several processes share, so that runs of one seed on one machine round alike. A choice
 * that has once been settled for a key never changes.
 */
export interface SharedChoices {
  /** The kernel that was settled on; undefined where there is none yet. */
  readonly get: (key: string) => string | undefined;
  /**
   * Offers a kernel for a key.
   * @returns what counts from now on: the first that any process offered; undefined where it cannot be shared.
   */
  readonly settle: (key: string, kernel: string) => string | undefined;
}
