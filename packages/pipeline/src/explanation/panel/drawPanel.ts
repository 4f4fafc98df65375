import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Pixels } from '@nonlocal-med/core';
import opentype, { type Font } from 'opentype.js';
import sharp, { type OverlayOptions } from 'sharp';
import { encodeImage } from '../heatMap.js';

/** A picture of a panel, with lines below it. */
export interface PanelCell {
  readonly pixels: Pixels;
  readonly caption: readonly string[];
  /** Of the last line. */
  readonly color?: string;
}

/** Pictures of one size in rows under titled columns. */
interface Panel {
  /** Lines over each column; the first is bold. */
  readonly columns: readonly (readonly string[])[];
  readonly rows: readonly (readonly PanelCell[])[];
}

const GAP = 10;

/** Draws a panel as PNG. */
export async function drawPanel({ columns, rows }: Panel): Promise<Buffer> {
  const { height, width } = rows[0][0].pixels;
  const text = Math.min(20, Math.max(12, Math.round(width / 16)));
  const line = Math.round(1.35 * text);
  const most = (lines: readonly (readonly string[])[]): number =>
    Math.max(...lines.map(({ length }) => length));
  const top = 2 * GAP + most(columns) * line;
  const step = height + most(rows.flat().map(({ caption }) => caption)) * line + 2 * GAP;
  const size = { width: GAP + columns.length * (width + GAP), height: top + rows.length * step };
  const leftOf = (column: number): number => GAP + column * (width + GAP);

  const titles = columns.flatMap((title, x) =>
    title.map((words, at) =>
      drawText({
        text: words,
        x: leftOf(x) + width / 2,
        baseline: GAP + (at + 0.8) * line,
        size: text,
        bold: at === 0,
        width,
      }),
    ),
  );
  const captions = rows.flatMap((row, y) =>
    row.flatMap(({ caption, color }, x) =>
      caption.map((words, at) =>
        drawText({
          text: words,
          x: leftOf(x) + width / 2,
          baseline: top + y * step + height + (at + 0.95) * line,
          size: 0.92 * text,
          width,
          color: at === caption.length - 1 ? color : undefined,
        }),
      ),
    ),
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">${[...titles, ...captions].join('')}</svg>`;
  const tiles = rows.flatMap((row, y) =>
    row.map(async ({ pixels }, x): Promise<OverlayOptions> => ({
      input: await encodeImage(pixels).png().toBuffer(),
      left: leftOf(x),
      top: top + y * step,
    })),
  );
  return sharp({ create: { ...size, channels: 3, background: 'white' } })
    .composite([...(await Promise.all(tiles)), { input: Buffer.from(svg), left: 0, top: 0 }])
    .png({ compressionLevel: 9 })
    .toBuffer();
}

/** Open Sans from npm: Latin letters look the same on every machine, also on one without fonts. */
const fonts: Partial<Record<'400' | '600', Font>> = {};

/** A line of text in a picture. */
interface TextLine {
  readonly text: string;
  /** Middle of the line. */
  readonly x: number;
  /** Where the letters stand. */
  readonly baseline: number;
  readonly size: number;
  readonly bold?: boolean;
  readonly color?: string;
  /** A longer text is cut in its middle. */
  readonly width: number;
}

/**
 * A line of text as SVG: outlines of the letters, so that no font is needed where it is shown. Letters that the font has
 * not (it has Latin ones) are left to the fonts of the machine.
 */
export function drawText({
  text,
  x,
  baseline,
  size,
  bold = false,
  color = '#111',
  width,
}: TextLine): string {
  const font = openSans(bold ? '600' : '400');
  const known = [...text].every((letter) => letter === ' ' || font.charToGlyphIndex(letter) > 0);
  if (!known) {
    const shown = fit(text, width, (part) => [...part].length * size); // as wide as a Chinese letter
    return `<text x="${x}" y="${baseline}" font-size="${size}" font-family="sans-serif" text-anchor="middle" fill="${color}"${bold ? ' font-weight="600"' : ''}>${escape(shown)}</text>`;
  }
  const shown = fit(text, width, (part) => font.getAdvanceWidth(part, size));
  const left = x - font.getAdvanceWidth(shown, size) / 2;
  return `<path d="${font.getPath(shown, left, baseline, size).toPathData(2)}" fill="${color}"/>`;
}

function fit(text: string, width: number, measure: (part: string) => number): string {
  const letters = [...text];
  for (let kept = letters.length; kept > 1; kept--) {
    const shown =
      kept === letters.length
        ? text
        : `${letters.slice(0, Math.ceil(kept / 2)).join('')}…${letters.slice(letters.length - Math.floor(kept / 2)).join('')}`;
    if (measure(shown) <= width) return shown;
  }
  return letters[0] ?? '';
}

function openSans(weight: '400' | '600'): Font {
  const bytes = (): Uint8Array<ArrayBuffer> =>
    Uint8Array.from(
      readFileSync(
        createRequire(import.meta.url).resolve(
          `@fontsource/open-sans/files/open-sans-latin-${weight}-normal.woff`,
        ),
      ),
    );
  return (fonts[weight] ??= opentype.parse(bytes().buffer));
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
