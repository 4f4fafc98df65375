import { defaultPreprocessing, InputError, type PixelValues } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { encodeGrey16, encodeTiff } from '../testing/imageTree.js';
import { toGrayscale } from './channels.js';
import { decodeImage } from './decodeImage.js';
import { labToRgb, rgbToLab } from './lab.js';
import { normalize, preprocess } from './preprocess.js';
import { resizeArea } from './resize.js';

const levelsOf = async (file: Uint8Array, values: PixelValues): Promise<number[]> => [
  ...(await decodeImage(file, { values })).data,
];
const scaled = (value: number, white: number): number => Math.round((value * 65535) / white);

describe('decodeImage with the scale of a data set', () => {
  const low = Uint16Array.of(0, 1, 3000, 4095);

  it.each(['png', 'tiff'] as const)(
    'gives a value one level in every 16-bit %s',
    async (format) => {
      const high = Uint16Array.of(0, 1, 3000, 16383);
      for (const values of [low, high])
        expect(
          await levelsOf(await encodeGrey16(values, { width: 2, format }), [0, 16383]),
        ).toEqual([...values].map((value) => scaled(value, 16383)));
    },
  );

  it('keeps every value of 12 bits apart', async () => {
    const ramp = Uint16Array.from({ length: 4096 }, (_, i) => i);
    const levels = await levelsOf(await encodeGrey16(ramp, { width: 64 }), [0, 4095]);
    expect(new Set(levels).size).toBe(4096);
    expect([levels[1], levels[4095]]).toEqual([16, 65535]);
  });

  it('clips outside of black and white', async () => {
    expect(await levelsOf(await encodeGrey16(low, { width: 2 }), [1000, 3500])).toEqual([
      0,
      0,
      scaled(2000, 2500),
      65535,
    ]);
  });

  it('inverts a TIFF in which white is zero on its own scale', async () => {
    const file = encodeTiff(low, { width: 2, photometric: 0 });
    expect(await levelsOf(file, [0, 4095])).toEqual(
      [...low].map((value) => 65535 - scaled(value, 4095)),
    );
    expect([...(await decodeImage(file)).data]).toEqual([255, 255, 68, 0]);
  });

  it('scales floating-point values', async () => {
    const file = encodeTiff(Float32Array.of(-1, 0, 0.25, 2), { width: 2 });
    expect(await levelsOf(file, [-1, 3])).toEqual([0, scaled(1, 4), scaled(1.25, 4), scaled(3, 4)]);
  });

  it('passes 8-bit files on unchanged', async () => {
    const file = encodeTiff(Uint16Array.of(0, 9), { width: 2 });
    const eight = await encodeGrey8([0, 9, 255]);
    expect(await decodeImage(eight, { values: '8-bit' })).toEqual(await decodeImage(eight));
    await expect(decodeImage(file, { values: '8-bit' })).rejects.toThrow(
      'image: has 16 bits, unlike the other images, which have 8 bits',
    );
    await expect(decodeImage(eight, { values: [0, 4095] })).rejects.toThrow(
      'image: has 8 bits, unlike the other images, which have 12 bits (0 to 4,095)',
    );
  });

  it('refuses values that cannot be on this scale', async () => {
    const file = await encodeGrey16(Uint16Array.of(0, 5000), { width: 2 });
    await expect(decodeImage(file, { values: [0, 4095] })).rejects.toThrow(InputError);
    await expect(decodeImage(file, { values: [0, 4095] })).rejects.toThrow(
      'has values from 0 to 5000, which do not fit the scale of the other images, 12 bits (0 to 4,095)',
    );
    const integers = await encodeGrey16(Uint16Array.of(7, 5000), { width: 2 });
    await expect(decodeImage(integers, { values: [0, 1.5] })).rejects.toThrow('do not fit');
  });
});

async function encodeGrey8(values: readonly number[]): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  const raw = { width: values.length, height: 1, channels: 1 } as const;
  return sharp(Uint8Array.from(values), { raw }).toColourspace('b-w').png().toBuffer();
}

describe('16-bit pixels', () => {
  const plane = {
    data: Uint16Array.from({ length: 48 }, (_, i) => (i * 1237) % 16384),
    height: 6,
    width: 8,
    channels: 1,
  } as const;

  it('are resized like those of OpenCV', () => {
    // cv2.resize(plane, (4, 3) and (5, 4), interpolation=cv2.INTER_AREA) of OpenCV 5.0.0
    expect([...resizeArea(plane, [3, 4]).data]).toEqual([
      5567, 8041, 10515, 4797, 8975, 7353, 5731, 8205, 4191, 6665, 9139, 11613,
    ]);
    const expected = [
      3763, 5618, 7628, 8273, 6032, 6035, 7890, 9900, 10545, 8304, 11605, 12095, 4548, 6558, 8414,
      2955, 4810, 6820, 8830, 10686,
    ];
    resizeArea(plane, [4, 5]).data.forEach((value, i) =>
      expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(1),
    );
  });

  it('become gray like those of OpenCV', () => {
    const data = Uint16Array.from({ length: 36 }, (_, i) => (i * 3571) % 65536);
    // cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY) of OpenCV 5.0.0
    expect([...toGrayscale({ data, height: 3, width: 4, channels: 3 }).data]).toEqual([
      2910, 13623, 24336, 35049, 45762, 56475, 21248, 12365, 23078, 33791, 44504, 55217,
    ]);
  });

  it('are equalized with 65,536 bins like those of OpenCV', () => {
    const { data } = preprocess(plane, {
      ...defaultPreprocessing,
      size: [6, 8],
      color: 'grey',
      tiles: [2, 2],
    });
    // cv2.createCLAHE(2, (2, 2)).apply(plane) of OpenCV 5.0.0
    expect([...data]).toEqual([
      5461, 10922, 16384, 23210, 24576, 25941, 27306, 38229, 49151, 54612, 60074, 62804, 62804,
      65535, 5461, 10922, 21845, 31858, 36408, 37319, 38229, 43690, 48241, 53702, 57343, 62804,
      65535, 6144, 9557, 12970, 13653, 21845, 33678, 39139, 43690, 47786, 49606, 53702, 59164,
      64625, 5461, 16384, 21845, 23210, 24576, 31402, 38229, 43690,
    ]);
  });

  it('survive the way to LAB and back within a few of 65,536 levels', () => {
    const rgb = Uint16Array.from({ length: 3000 }, (_, i) => (i * 7919) % 65536);
    const back = labToRgb(rgbToLab(rgb));
    const worst = back.reduce((most, value, i) => Math.max(most, Math.abs(value - rgb[i])), 0);
    expect(worst).toBeLessThanOrEqual(40);
  });

  it.each(['none', 'local-mean', 'clahe'] as const)(
    'reach the network with differences below an 8-bit level (%s)',
    (contrast) => {
      const base = 20_000;
      const data = new Uint16Array(64 * 64).map((_, i) => base + ((i * 13) % 40));
      data.fill(base + 60, 64 * 20 + 20, 64 * 20 + 24);
      const pixels = { data, height: 64, width: 64, channels: 1 } as const;
      const options = { ...defaultPreprocessing, size: [64, 64] as const, contrast };
      for (const color of ['grey', 'rgb'] as const) {
        const input = normalize(
          preprocess(pixels, { ...options, color, values: [0, 65535] }),
          { mean: [0, 0, 0], std: [1, 1, 1] },
          new Float32Array(64 * 64 * 3),
        );
        const lesion = input[3 * (64 * 20 + 21)];
        const around = input[3 * (64 * 40 + 21)];
        expect(lesion).toBeGreaterThan(around + 20 / 65535);
      }
    },
  );
});
