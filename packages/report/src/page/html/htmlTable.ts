import type { Table } from '../../tables/table.js';
import { html, type HtmlValue } from './html.js';
import type { Markup } from './markup.js';

/** How a table is shown. */
export interface HtmlTableOptions {
  readonly caption?: HtmlValue;
  readonly className?: string;
  /** Cells in place of the table's text, for those that hold more than text. */
  readonly cell?: (text: string, row: number, column: number) => HtmlValue;
}

/** A table of text with header cells for its columns and for the first cell of each row; wide ones scroll by themselves. */
export function htmlTable(
  { columns, rows }: Table,
  { caption, className, cell = (text) => text }: HtmlTableOptions = {},
): Markup {
  const align = columns.map((column) => (column.align === 'right' ? 'number' : 'text'));
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${captionText(caption)}"><table${className !== undefined && html` class="${className}"`}>${
    caption !== undefined &&
    html`<caption>
      <span>${caption}</span>
    </caption>`
  }
<thead><tr>${columns.map(({ title }, column) => (title === '' ? html`<td></td>` : html`<th scope="col" class="${align[column]}">${title}</th>`))}</tr></thead>
<tbody>${rows.map(
    (row, index) =>
      html`<tr>
        ${row.map((text, column) => (column === 0 ? html`<th scope="row">${cell(text, index, column)}</th>` : html`<td class="${align[column]}">${cell(text, index, column)}</td>`))}
      </tr> `,
  )}</tbody></table></div>`;
}

const captionText = (caption: HtmlValue): string =>
  typeof caption === 'string' ? caption : 'Table';
