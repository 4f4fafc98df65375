import { expect, it } from 'vitest';
import { factsTable } from './factsTable.js';

it('shows the files of each class in 80 columns', () => {
  const always = (value: number): { median: number; from: number; to: number } => ({
    median: value,
    from: value,
    to: value,
  });
  const text = factsTable([
    {
      name: 'Viral Pneumonia',
      size: { width: 2048, height: 2048, share: 0.043 },
      sizes: 82,
      aspect: { median: 1.1, from: 0.9, to: 1.364 },
      bytes: { median: 30_000, from: 21_709, to: 47_309 },
      borderMean: always(133.2),
      borderBlack: always(0.014),
      kinds: [
        { kind: 'grey, 16 bit, tiff', images: 1200 },
        { kind: 'rgb, 8 bit, jpeg', images: 3 },
      ],
    },
    {
      name: 'b',
      size: { width: 512, height: 512, share: 1 },
      sizes: 1,
      aspect: always(1),
      bytes: always(1024),
      borderMean: always(0),
      borderBlack: always(1),
      kinds: [{ kind: 'rgb, 8 bit, png', images: 9 }],
    },
  ]);
  const lines = text.split('\n');
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines[0]).toMatch(/^class +main size +aspect +file size +border +files$/);
  expect(lines[2]).toMatch(
    /^Viral Pneumonia +2048x2048 4 % +0\.90 +21\.2 KiB +level 133 +grey 16b tiff$/,
  );
  expect(lines[3]).toMatch(/^ +82 sizes +to 1\.36 +to 46\.2 KiB +1 % dark +rgb 8b jpeg$/);
  expect(lines[4]).toMatch(/^b +512x512 +1\.00 +1\.00 KiB +level 0 +rgb 8b png$/);
});
