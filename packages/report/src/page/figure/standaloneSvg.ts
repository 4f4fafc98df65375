import { html, Markup } from '../html/html.js';

/** An SVG file of its own, black on white, as opposed to a plot of the page. */
export function standaloneSvg(
  { width, height }: { readonly width: number; readonly height: number },
  content: Markup,
): string {
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    width="${width}"
    height="${height}"
    viewBox="0 0 ${width} ${height}"
    font-family="Helvetica, Arial, sans-serif"
    font-size="12"
    color="black"
  >
    <rect width="${width}" height="${height}" fill="white" />
    ${content}
  </svg> `.text;
}

/** A plot at a distance from the top. */
export const placed = ({ text: svg }: Markup, y: number): Markup =>
  new Markup(svg.replace('<svg', `<svg y="${y}"`));

/** A line of text. */
export function text({
  value,
  x,
  y,
  bold = false,
}: {
  readonly value: string;
  readonly x: number;
  readonly y: number;
  readonly bold?: boolean;
}): Markup {
  return html`<text x="${x}" y="${y}" fill="black" ${bold && html`font-weight="bold"`}
    >${value}</text
  >`;
}
