/** The parts of a list with commas, as an option gives it; undefined where it was not given. */
export function splitList(text: string | undefined): string[] | undefined {
  return text
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
