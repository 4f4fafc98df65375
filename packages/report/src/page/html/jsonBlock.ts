import { Markup } from './markup.js';

/** Data for the page's script, in an element that is not executed; nothing in it can end the element. */
export function jsonBlock(id: string, data: unknown): Markup {
  const text = JSON.stringify(data)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
  return new Markup(`<script type="application/json" id="${id}">${text}</script>`);
}
