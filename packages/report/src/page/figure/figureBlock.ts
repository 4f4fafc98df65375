import type { Table } from '../../tables/table.js';
import { html, type HtmlValue, type Markup } from '../html/html.js';
import { htmlTable } from '../html/htmlTable.js';

/** A figure, and its numbers as a table for readers who cannot see it. */
export interface FigureBlockOptions {
  readonly title: string;
  readonly plot: Markup;
  readonly note?: HtmlValue;
  readonly numbers: Table;
  /** The model's CSS class, by which the page shows and hides it. */
  readonly cssClass?: string;
  /** Index of the class in the figure, by which the page shows a single class. */
  readonly classIndex?: number;
}

/** Renders a figure with its title, note and plot, and its numbers in a collapsed table. */
export function figureBlock({
  title,
  plot,
  note,
  numbers,
  cssClass = '',
  classIndex,
}: FigureBlockOptions): Markup {
  return html`<figure
    class="${cssClass}"
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
