/** How a model is drawn wherever it appears: colour and dash pattern, so that colour is never alone. */
export interface SeriesStyle {
  /** Unique in the page, safe as a class name: `series-0`. */
  readonly className: string;
  /** A colour of the style sheet, which differs between light and dark. */
  readonly color: string;
  /** SVG dash pattern; `none` for the first. */
  readonly dash: string;
}

/** Colours of Okabe and Ito (2008) without yellow, which white paper swallows; the style sheet defines as many. */
const COLORS = 7;
const DASHES = ['none', '7 3', '2 2.5', '8 3 2 3', '12 4', '12 3 2 3 2 3'];

/** Style of the model with this index; 42 of them differ. */
export function seriesStyle(index: number): SeriesStyle {
  return {
    className: `series-${index}`,
    color: `var(--series-${index % COLORS})`,
    dash: DASHES[index % DASHES.length],
  };
}
