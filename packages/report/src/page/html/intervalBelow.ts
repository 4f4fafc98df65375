import { html, type HtmlValue } from './html.js';

/** Content of a table cell: `47.2 (45.1 to 54.8)` with the interval in a second line; other text as it is. */
export function intervalBelow(text: string): HtmlValue {
  const [, value, interval] = /^(\S+(?: %)?) (\(.+ to .+\))$/.exec(text) ?? [];
  return interval === undefined ? text : html`${value} <br /><small>${interval}</small>`;
}
