/** Empties the line the cursor stands on, so that text can take the place of a progress bar. */
export const CLEAR_LINE = '\r\u001b[K';
