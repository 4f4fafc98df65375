/**
 * Something the program needs from its surroundings is not there: a library, a compiler, the network, disk space.
 * The message says what, why, and the one command or change that helps.
 */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}
