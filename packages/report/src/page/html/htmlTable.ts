import type { Table } from '../../tables/table.js';
import { html, type HtmlValue, type Markup } from './html.js';

/** How a table is rendered. */
export interface HtmlTableOptions {
  readonly caption?: HtmlValue;
  readonly cssClass?: string;
  /** Whether a screen too narrow for its columns shows each row as a list, every value with the title of its column. */
  readonly stacks?: boolean;
  /** Content of a cell, if it is more than the table's text. */
  readonly cell?: (text: string, row: number, column: number) => HtmlValue;
}

/** Names up to this length are kept on one line. */
const LONGEST_SHORT_NAME = 14;

/** Renders a table whose column titles and first cells are headers; a wide table scrolls horizontally. */
export function htmlTable(
  { columns, rows }: Table,
  { caption, cssClass, stacks = false, cell = (text) => text }: HtmlTableOptions = {},
): Markup {
  const classes = [cssClass, stacks && 'results'].filter(Boolean).join(' ');
  const align = columns.map((column) => (column.align === 'right' ? 'number' : 'text'));
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${captionText(caption)}"><table${classes !== '' && html` class="${classes}"`}>${
    caption !== undefined &&
    html`<caption>
      <span>${caption}</span>
    </caption>`
  }
<thead><tr>${columns.map(({ title }, column) => (title === '' ? html`<td></td>` : html`<th scope="col" class="${align[column]}">${title}</th>`))}</tr></thead>
<tbody>${rows.map(
    (row, index) =>
      html`<tr>
        ${row.map((text, column) => (column === 0 ? html`<th scope="row" ${text.length <= LONGEST_SHORT_NAME && html` class="short"`}>${cell(text, index, column)}</th>` : html`<td class="${align[column]}" ${stacks && html` data-title="${columns[column].title}"`}>${cell(text, index, column)}</td>`))}
      </tr> `,
  )}</tbody></table></div>`;
}

const captionText = (caption: HtmlValue): string =>
  typeof caption === 'string' ? caption : 'Table';
