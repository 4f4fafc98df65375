/** How a program ends: done, failed, wrong input, or interrupted with its state saved. */
export const exitCodes = { done: 0, failed: 1, wrongInput: 2, interrupted: 130 } as const;
