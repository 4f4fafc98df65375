/** The loss is no longer a finite number: the run cannot go on. */
export class DivergedError extends Error {
  override readonly name = 'DivergedError';
}
