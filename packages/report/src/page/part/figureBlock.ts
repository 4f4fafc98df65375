import type { Table } from '../../tables/table.js';
import { html, type HtmlValue } from '../html/html.js';
import { htmlTable } from '../html/htmlTable.js';
import type { Markup } from '../html/markup.js';

/** A figure with its heading, and its numbers as a table for those who cannot see it. */
export interface FigureBlockOptions {
  readonly title: string;
  readonly plot: Markup;
  readonly note?: HtmlValue;
  readonly numbers: Table;
  /** Class names for the page's choices. */
  readonly className?: string;
  /** Name of the class shown, for the page's choice of one. */
  readonly classIndex?: number;
}

/** A plot as a figure: heading, plot, note, and the numbers behind it folded away. */
export function figureBlock({
  title,
  plot,
  note,
  numbers,
  className = '',
  classIndex,
}: FigureBlockOptions): Markup {
  return html`<figure
    class="${className}"
    ${classIndex !== undefined && html` data-class="${classIndex}"`}
  >
    <figcaption><strong>${title}</strong>${note !== undefined && html`<br />${note}`}</figcaption>
    ${plot}
    <details>
      <summary>Numbers<span class="hidden"> of ${title}</span></summary>
      ${htmlTable(numbers, { caption: title })}
    </details>
  </figure> `;
}
