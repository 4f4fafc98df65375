import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import opentype, { type Font } from 'opentype.js';

/** Open Sans from npm: Latin letters look the same on every machine, also on one without fonts. */
const fonts: Partial<Record<'400' | '600', Font>> = {};

/** A line of text in a picture. */
export interface TextLine {
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
