/** The first names of a list, for a sentence. */
export const shortList = (names: readonly string[], most = 3): string =>
  names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')}, ...`;
