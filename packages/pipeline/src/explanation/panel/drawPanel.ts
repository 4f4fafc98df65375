import type { Pixels } from '@nonlocal-med/core';
import sharp, { type OverlayOptions } from 'sharp';
import { encodePicture } from '../encodePicture.js';
import { drawText } from './drawText.js';

/** A picture of a panel, with lines below it. */
export interface PanelCell {
  readonly pixels: Pixels;
  readonly caption: readonly string[];
  /** Of the last line. */
  readonly color?: string;
}

/** Pictures of one size in rows under titled columns. */
export interface Panel {
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
      input: await encodePicture(pixels).png().toBuffer(),
      left: leftOf(x),
      top: top + y * step,
    })),
  );
  return sharp({ create: { ...size, channels: 3, background: 'white' } })
    .composite([...(await Promise.all(tiles)), { input: Buffer.from(svg), left: 0, top: 0 }])
    .png({ compressionLevel: 9 })
    .toBuffer();
}
