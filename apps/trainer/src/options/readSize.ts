import { readNumber } from './readNumber.js';

/** `386`, or `386x512` as height and width. */
export const readSize = (text: string): unknown =>
  /^\d+x\d+$/.test(text) ? text.split('x').map(Number) : readNumber(text);
