/** Both tails of a distribution at one point; each keeps its own relative accuracy where it is the small one. */
export interface Tails {
  readonly lower: number;
  readonly upper: number;
}
