/**
 * Views of an image whose predictions can be averaged. `flips`: the image and its mirror images in both directions (4).
 * `d4`: these, each also with rows and columns exchanged: all 8 symmetries of the square.
 */
export const viewsChoices = ['flips', 'd4'] as const;

/** One of {@link viewsChoices}. */
export type ViewsChoice = (typeof viewsChoices)[number];
