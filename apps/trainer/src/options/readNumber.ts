/** A number where the text is one, else the text: whoever checks the option then says what was expected. */
export const readNumber = (text: string): unknown =>
  text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
