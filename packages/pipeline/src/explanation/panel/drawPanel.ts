import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Pixels } from '@nonlocal-med/core';
import opentype, { type Font } from 'opentype.js';
import sharp, { type OverlayOptions } from 'sharp';
import { encodeImage } from '../encodeImage.js';

/** An image of a panel, with lines of text below it. */
export interface PanelCell {
  readonly pixels: Pixels;
  readonly caption: readonly string[];
  /** Color of the last line. */
  readonly color?: string;
}

/** Images of equal size in rows, under columns with titles. */
export interface Panel {
  /** Lines above everything; the first one is bold. */
  readonly title?: readonly string[];
  /** Lines above each column; the first one is bold. */
  readonly columns: readonly (readonly string[])[];
  /** A row may end before the last column. */
  readonly rows: readonly (readonly PanelCell[])[];
  /** The scale of the colors of the maps, drawn to the right of the first row, from 0 to 1. */
  readonly colorBar?: Pixels;
}

/** Space between images, in pixels. */
const GAP = 10;

/** Draws a panel as PNG. */
export async function drawPanel({ title = [], columns, rows, colorBar }: Panel): Promise<Buffer> {
  const { height, width } = rows[0][0].pixels;
  const fontSize = Math.min(20, Math.max(12, Math.round(width / 16)));
  const lineHeight = Math.round(1.35 * fontSize);
  const mostLines = (texts: readonly (readonly string[])[]): number =>
    Math.max(...texts.map(({ length }) => length));
  const titleHeight = title.length === 0 ? 0 : title.length * lineHeight + GAP;
  const top = 2 * GAP + titleHeight + mostLines(columns) * lineHeight;
  const captionLines = mostLines(rows.flat().map(({ caption }) => caption));
  const rowHeight = height + captionLines * lineHeight + 2 * GAP;
  const size = {
    width:
      GAP +
      columns.length * (width + GAP) +
      (colorBar === undefined ? 0 : colorBar.width + GAP + 2 * fontSize),
    height: top + rows.length * rowHeight,
  };
  const leftOf = (column: number): number => GAP + column * (width + GAP);

  const heading = title.map((text, line) =>
    drawText({
      text,
      x: GAP,
      align: 'left',
      baseline: GAP + (line + 0.8) * lineHeight,
      size: fontSize,
      bold: line === 0,
      width: size.width - 2 * GAP,
    }),
  );
  const titles = columns.flatMap((lines, column) =>
    lines.map((text, line) =>
      drawText({
        text,
        x: leftOf(column) + width / 2,
        baseline: GAP + titleHeight + (line + 0.8) * lineHeight,
        size: fontSize,
        bold: line === 0,
        width,
      }),
    ),
  );
  const captions = rows.flatMap((cells, row) =>
    cells.flatMap(({ caption, color }, column) =>
      caption.map((text, line) =>
        drawText({
          text,
          x: leftOf(column) + width / 2,
          baseline: top + row * rowHeight + height + (line + 0.95) * lineHeight,
          size: 0.92 * fontSize,
          width,
          color: line === caption.length - 1 ? color : undefined,
        }),
      ),
    ),
  );
  const barLeft = GAP + columns.length * (width + GAP);
  const barLabels =
    colorBar === undefined
      ? []
      : [1, 0.5, 0].map((value) =>
          drawText({
            text: String(value),
            x: barLeft + colorBar.width + GAP + 0.5 * fontSize,
            baseline: top + (1 - value) * colorBar.height + (0.1 + 0.7 * value) * fontSize,
            size: fontSize,
            width: 2 * fontSize,
          }),
        );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">${[...heading, ...titles, ...captions, ...barLabels].join('')}</svg>`;
  const tiles = rows.flatMap((cells, row) =>
    cells.map(async ({ pixels }, column): Promise<OverlayOptions> => ({
      input: await encodeImage(pixels).png().toBuffer(),
      left: leftOf(column),
      top: top + row * rowHeight,
    })),
  );
  if (colorBar !== undefined)
    tiles.push(
      encodeImage(colorBar)
        .png()
        .toBuffer()
        .then((input) => ({ input, left: barLeft, top })),
    );
  return sharp({ create: { ...size, channels: 3, background: 'white' } })
    .composite([...(await Promise.all(tiles)), { input: Buffer.from(svg), left: 0, top: 0 }])
    .png({ compressionLevel: 9 })
    .toBuffer();
}

/** A line of text. */
export interface TextLine {
  readonly text: string;
  /** Its center, or where it starts if it is aligned left. */
  readonly x: number;
  readonly align?: 'center' | 'left';
  readonly baseline: number;
  readonly size: number;
  readonly bold?: boolean;
  readonly color?: string;
  /** A longer text is shortened in its middle. */
  readonly width: number;
}

/**
 * A line of text as SVG. Latin letters become outlines, so that they look the same on every machine, even without fonts;
 * other letters are left to the fonts of the machine.
 */
export function drawText({
  text,
  x,
  align = 'center',
  baseline,
  size,
  bold = false,
  color = '#111',
  width,
}: TextLine): string {
  const font = openSans(bold ? '600' : '400');
  const known = [...text].every((letter) => letter === ' ' || font.charToGlyphIndex(letter) > 0);
  if (!known) {
    const shown = shorten(text, width, (part) => [...part].length * size); // width of a Chinese character
    return `<text x="${x}" y="${baseline}" font-size="${size}" font-family="sans-serif" text-anchor="${align === 'left' ? 'start' : 'middle'}" fill="${color}"${bold ? ' font-weight="600"' : ''}>${escapeXml(shown)}</text>`;
  }
  const shown = shorten(text, width, (part) => font.getAdvanceWidth(part, size));
  const left = align === 'left' ? x : x - font.getAdvanceWidth(shown, size) / 2;
  return `<path d="${font.getPath(shown, left, baseline, size).toPathData(2)}" fill="${color}"/>`;
}

/** Replaces the middle of a text by an ellipsis, as far as needed to fit a width. */
function shorten(text: string, width: number, measure: (part: string) => number): string {
  const letters = [...text];
  for (let kept = letters.length; kept > 1; kept--) {
    const start = letters.slice(0, Math.ceil(kept / 2)).join('');
    const end = letters.slice(letters.length - Math.floor(kept / 2)).join('');
    const shown = kept === letters.length ? text : `${start}…${end}`;
    if (measure(shown) <= width) return shown;
  }
  return letters[0] ?? '';
}

/** Fonts already read, by weight. */
const fonts: Partial<Record<'400' | '600', Font>> = {};

function openSans(weight: '400' | '600'): Font {
  const read = (): Uint8Array<ArrayBuffer> => {
    const { resolve } = createRequire(import.meta.url);
    const file = `@fontsource/open-sans/files/open-sans-latin-${weight}-normal.woff`;
    return Uint8Array.from(readFileSync(resolve(file)));
  };
  return (fonts[weight] ??= opentype.parse(read().buffer));
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
