/** In which type convolutions and matrix products may be asked to run; `auto` chooses. */
export const precisionChoices = ['float32', 'bfloat16', 'auto'] as const;

/** One of {@link precisionChoices}. */
export type PrecisionChoice = (typeof precisionChoices)[number];
