/** Pairs of near duplicates that are told at most: more of them say the same, and 20,000 blank images would make 200 million. */
export const mostNearPairs = 10_000;
