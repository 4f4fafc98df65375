import type { RawImage } from '@nonlocal-med/data/browser';
import { beforeAll, describe, expect, it } from 'vitest';
import { displayImage, windowedPixels } from './displayImage.js';

const raw = (values: RawImage['values'], more: Partial<RawImage> = {}): RawImage => ({
  values,
  height: 1,
  width: values.length / (more.channels ?? 1),
  channels: 1,
  whiteIsZero: false,
  pages: 1,
  format: 'png',
  ...more,
});

beforeAll(() => {
  // Node has no ImageData.
  (globalThis as { ImageData?: unknown }).ImageData ??= class {
    readonly data: Uint8ClampedArray;
    constructor(
      readonly width: number,
      readonly height: number,
    ) {
      this.data = new Uint8ClampedArray(4 * width * height);
    }
  };
});

describe('displayImage', () => {
  it('shows 8-bit values as they are, and black and white of a model for more', () => {
    const eight = displayImage(raw(Uint8Array.of(10, 20)), '8-bit');
    expect(eight).toMatchObject({
      initial: { black: 0, white: 255 },
      range: { black: 0, white: 255 },
    });
    const sixteen = displayImage(raw(Uint16Array.of(100, 3000)), [0, 4095]);
    expect(sixteen).toMatchObject({
      initial: { black: 0, white: 4095 },
      range: { black: 100, white: 3000 },
    });
    expect(displayImage(raw(Uint16Array.of(1, 5000)), undefined).initial.white).toBe(65535);
  });

  it.each([false, true])('finds the window of a DICOM file (inverted: %s)', (inverted) => {
    const modality = Float32Array.of(-1000, -160, -100, 240, 3000, NaN);
    const levels = modality.map((value) => Math.min(Math.max((value + 160) / 400, 0), 1) * 65535);
    const shown = Uint16Array.from(levels, (level) =>
      Number.isNaN(level) ? 0 : inverted ? 65535 - level : level,
    );
    const dicom = { bits: 12, windows: 1, inverted, modality: () => modality };
    const image = displayImage(raw(shown, { format: 'dicom', dicom }), '8-bit');
    expect(image).toMatchObject({
      initial: { black: -160, white: 240 },
      range: { black: -1000, white: 3000 },
      isInverted: inverted,
    });
  });

  it('shrinks what is larger than any screen by means of blocks', () => {
    const wide = Uint8Array.from({ length: 5000 }, (_, i) => 10 * (i % 3));
    const { width, height, values } = displayImage(raw(wide), '8-bit');
    expect([width, height]).toEqual([1667, 1]);
    expect([...values.slice(0, 3)]).toEqual([10, 10, 10]);
  });
});

describe('windowedPixels', () => {
  const gray = (
    image: Parameters<typeof windowedPixels>[0],
    black: number,
    white: number,
  ): number[] => [...windowedPixels(image, { black, white }).data].filter((_, i) => i % 4 === 0);

  it('goes from black to white within the window', () => {
    const image = displayImage(raw(Uint8Array.of(0, 50, 100, 150, 255)), '8-bit');
    expect(gray(image, 50, 152)).toEqual([0, 0, 125, 250, 255]);
  });

  it('inverts where small values are bright, but not padding', () => {
    const dicom = {
      bits: 12,
      windows: 0,
      inverted: true,
      modality: () => Float32Array.of(0, 100, NaN),
    };
    const image = displayImage(raw(Uint16Array.of(65535, 0, 0), { dicom }), '8-bit');
    expect(gray(image, 0, 100)).toEqual([255, 0, 0]);
  });
});
