import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRandom, type Pixels } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { image } from '../../test/golden/patterns.js';
import { applyAugmentation, type Augmentation } from './applyAugmentation.js';
import { augment, sampleAugmentation } from './augment.js';
import { augmentationPresets, presetOf } from './augmentationPresets.js';
import { backgroundLevel } from './preprocess.js';

const none: Augmentation = {
  horizontalFlip: false,
  verticalFlip: false,
  diagonalFlip: 'none',
  angle: 0,
};
const plane = (rows: number[][]): Pixels => ({
  data: Uint8Array.from(rows.flat()),
  height: rows.length,
  width: rows[0].length,
  channels: 1,
});
const rowsOf = ({ data, width, height }: Pixels): number[][] =>
  Array.from({ length: height }, (_, y) => [...data.subarray(y * width, (y + 1) * width)]);
const square = plane([
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 9],
]);
const wide = plane([
  [1, 2, 3],
  [4, 5, 6],
]);

describe('applyAugmentation', () => {
  it.each<[string, Partial<Augmentation>, Pixels, number[][]]>([
    [
      'nothing',
      {},
      square,
      [
        [1, 2, 3],
        [4, 5, 6],
        [7, 8, 9],
      ],
    ],
    [
      'horizontal',
      { horizontalFlip: true },
      square,
      [
        [3, 2, 1],
        [6, 5, 4],
        [9, 8, 7],
      ],
    ],
    [
      'vertical',
      { verticalFlip: true },
      square,
      [
        [7, 8, 9],
        [4, 5, 6],
        [1, 2, 3],
      ],
    ],
    [
      'transpose',
      { diagonalFlip: 'transpose' },
      square,
      [
        [1, 4, 7],
        [2, 5, 8],
        [3, 6, 9],
      ],
    ],
    [
      'half-turn',
      { diagonalFlip: 'half-turn' },
      square,
      [
        [9, 8, 7],
        [6, 5, 4],
        [3, 2, 1],
      ],
    ],
    [
      '90 degrees anticlockwise',
      { angle: 90 },
      square,
      [
        [3, 6, 9],
        [2, 5, 8],
        [1, 4, 7],
      ],
    ],
    [
      '180 degrees',
      { angle: 180 },
      square,
      [
        [9, 8, 7],
        [6, 5, 4],
        [3, 2, 1],
      ],
    ],
    [
      '270 degrees',
      { angle: 270 },
      square,
      [
        [7, 4, 1],
        [8, 5, 2],
        [9, 6, 3],
      ],
    ],
    // flipped, then transposed, then turned
    [
      'horizontal, transpose and 90 degrees',
      { horizontalFlip: true, diagonalFlip: 'transpose', angle: 90 },
      square,
      [
        [9, 8, 7],
        [6, 5, 4],
        [3, 2, 1],
      ],
    ],
    [
      'a transpose of an image that is not square: a half-turn',
      { diagonalFlip: 'transpose' },
      wide,
      [
        [6, 5, 4],
        [3, 2, 1],
      ],
    ],
    [
      '180 degrees, not square',
      { angle: 180 },
      wide,
      [
        [6, 5, 4],
        [3, 2, 1],
      ],
    ],
  ])('%s', (...[, step, pixels, expected]) => {
    expect(rowsOf(applyAugmentation(pixels, { ...none, ...step }))).toEqual(expected);
    expect(
      rowsOf(applyAugmentation(pixels, { ...none, ...step }, { interpolation: 'nearest' })),
    ).toEqual(expected);
  });

  it('rotates an image that is not square about its center and fills the rest', () => {
    const pixels = plane([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ]);
    expect(
      rowsOf(
        applyAugmentation(pixels, { ...none, angle: 90 }, { fill: 0, interpolation: 'nearest' }),
      )
        .flat()
        .filter((value) => value === 0).length,
    ).toBe(4);
  });

  // cv2.warpAffine(image, getRotationMatrix2D(centre, angle, 1)), by opencv.py; its positions have 5 bits
  const { rotation } = JSON.parse(
    readFileSync(new URL('../../test/golden/opencv_more.json', import.meta.url), 'utf8'),
  ) as { rotation: { image: number[]; cases: { angle: number; pixels: number[] }[] } };
  it.each(rotation.cases)('rotates by $angle degrees as OpenCV does', ({ angle, pixels }) => {
    const { data } = applyAugmentation(
      { data: Uint8Array.from(rotation.image), height: 30, width: 30, channels: 3 },
      { ...none, angle },
    );
    const differences = pixels.map((value, i) => Math.abs(value - data[i]));
    expect(differences.reduce((sum, value) => sum + value, 0) / differences.length).toBeLessThan(
      0.5,
    );
    expect(Math.max(...differences)).toBeLessThanOrEqual(4);
  });

  it('keeps a mask binary and aligned with its image', () => {
    const mask: Pixels = {
      data: new Uint8Array(41 * 41).map((_, i) =>
        Math.hypot((i % 41) - 12, Math.floor(i / 41) - 25) < 6 ? 1 : 0,
      ),
      height: 41,
      width: 41,
      channels: 1,
    };
    const turned: Augmentation = {
      horizontalFlip: true,
      verticalFlip: false,
      diagonalFlip: 'transpose',
      angle: 137,
    };
    const moved = applyAugmentation(mask, turned, { interpolation: 'nearest' });
    const soft = applyAugmentation(
      { ...mask, data: mask.data.map((value) => value * 200) },
      turned,
    );
    expect(new Set(moved.data)).toEqual(new Set([0, 1]));
    expect(
      moved.data.filter((value, i) => (value === 1) !== soft.data[i] >= 100).length,
    ).toBeLessThan(12);
  });
});

describe('sampleAugmentation', () => {
  it('samples each step with its probability', () => {
    const random = createRandom(3, 'augmentation');
    const drawn = Array.from({ length: 4000 }, () => sampleAugmentation(random));
    const share = (of: (augmentation: Augmentation) => boolean): number =>
      drawn.filter(of).length / drawn.length;
    for (const rate of [
      share((d) => d.horizontalFlip),
      share((d) => d.verticalFlip),
      share((d) => d.diagonalFlip === 'transpose'),
      share((d) => d.angle !== 0),
    ]) {
      expect(Math.abs(rate - 0.5)).toBeLessThan(0.03);
    }
    const angles = drawn.map(({ angle }) => angle).filter((angle) => angle !== 0);
    expect(Math.min(...angles)).toBeGreaterThanOrEqual(30);
    expect(Math.max(...angles)).toBeLessThan(270);
    expect(
      Math.abs(angles.reduce((sum, angle) => sum + angle, 0) / angles.length - 150),
    ).toBeLessThan(6);
  });

  it('samples multiples of a step, both ends included', () => {
    const random = createRandom(4);
    const angles = new Set(
      Array.from(
        { length: 500 },
        () => sampleAugmentation(random, { rotation: 1, angleStep: 90 }).angle,
      ),
    );
    expect(angles).toEqual(new Set([90, 180, 270]));
  });

  it('takes values for crops, shifts and intensity behind those of flips and rotation', () => {
    // Sampled by the version before these options existed.
    const former = [
      { horizontalFlip: true, verticalFlip: false, diagonalFlip: 'transpose', angle: 0 },
      { horizontalFlip: false, verticalFlip: true, diagonalFlip: 'none', angle: 240 },
    ];
    const random = createRandom(5, 'augmentation', 1, 'image-3');
    expect(sampleAugmentation(random)).toEqual(former[0]);
    expect(sampleAugmentation(random, { rotation: 1, angleStep: 30 })).toEqual(former[1]);
    expect(random.uniform()).toBe(0.42469901109916186);
    const again = createRandom(5, 'augmentation', 1, 'image-3');
    expect(sampleAugmentation(again, { shift: 0.1, gamma: 0.2 })).toMatchObject(former[0]);
  });

  it('gives each option the same values whether the others are set or not', () => {
    const sample = (options: object): Augmentation =>
      sampleAugmentation(createRandom(9, 'augmentation', 0, 'a'), options);
    const all = sample({
      crop: [0.5, 0.9],
      shift: 0.1,
      brightness: 0.2,
      contrast: 0.3,
      gamma: 0.4,
    });
    expect(sample({ crop: [0.5, 0.9] })).toMatchObject({ crop: all.crop! });
    expect(sample({ shift: 0.1 })).toMatchObject({ shift: all.shift! });
    for (const option of [{ brightness: 0.2 }, { contrast: 0.3 }, { gamma: 0.4 }]) {
      const [name] = Object.keys(option) as (keyof NonNullable<Augmentation['intensity']>)[];
      expect(sample(option).intensity![name]).toBe(all.intensity![name]);
    }
    expect(sample({ gamma: 0.4 }).intensity).toMatchObject({ brightness: 1, contrast: 1 });
  });

  it('keeps crops, shifts and intensity within their limits, and reaches these', () => {
    const random = createRandom(2);
    const options = {
      crop: [0.64, 1],
      shift: 0.1,
      brightness: 0.2,
      contrast: 0.3,
      gamma: 1,
    } as const;
    const sampled = Array.from({ length: 1000 }, () => sampleAugmentation(random, options));
    const range = (of: (one: Augmentation) => number): [number, number] => [
      Math.min(...sampled.map(of)),
      Math.max(...sampled.map(of)),
    ];
    const expected: [(one: Augmentation) => number, number, number][] = [
      [({ crop }) => crop!.side, 0.8, 1],
      [({ shift }) => shift!.x, -0.1, 0.1],
      [({ shift }) => shift!.y, -0.1, 0.1],
      [({ intensity }) => intensity!.brightness, 0.8, 1.2],
      [({ intensity }) => intensity!.contrast, 0.7, 1.3],
      [({ intensity }) => intensity!.gamma, 0.5, 2],
    ];
    for (const [of, low, high] of expected) {
      const [least, most] = range(of);
      expect(least).toBeGreaterThanOrEqual(low);
      expect(most).toBeLessThanOrEqual(high);
      expect(least - low).toBeLessThan(0.02 * (high - low));
      expect(high - most).toBeLessThan(0.02 * (high - low));
    }
  });

  it('reports ranges and strengths that make no sense', () => {
    expect(() =>
      sampleAugmentation(createRandom(0), { crop: [0, 1.2], shift: 0.6, brightness: -1 }),
    ).toThrow(/3 problems:\n.*shift: got 0.6 .*\n.*brightness: got -1 .*\n.*crop: 0 to 1.2 is not/);
  });

  it('reports all issues together', () => {
    expect(() =>
      sampleAugmentation(createRandom(0), {
        verticalFlip: 1.5,
        rotation: -1,
        angles: [40, 50],
        angleStep: 30,
      }),
    ).toThrow(
      /3 problems:\n.*verticalFlip: 1.5 is not a probability \(0 to 1\)\n.*rotation: -1.*\n.*angles: 40 to 50 degrees contains no multiple of 30/,
    );
  });
});

describe('augment', () => {
  it('fills what a rotation uncovers with the background level of preprocessing', () => {
    const pixels = {
      data: new Uint8Array(400).fill(90),
      height: 20,
      width: 20,
      channels: 1,
    } as const;
    const corner = (contrast: 'clahe' | 'local-mean'): number =>
      augment(pixels, createRandom(1), {
        rotation: 1,
        angles: [45, 45],
        fill: backgroundLevel({ contrast }),
      }).data[0];
    expect([corner('clahe'), corner('local-mean')]).toEqual([0, 128]);
  });

  it('depends only on the random stream', () => {
    const pixels = { data: image(40, 40, 3), height: 40, width: 40, channels: 3 } as const;
    const results = [7, 7, 8].map(
      (seed) => augment(pixels, createRandom(seed, 'augmentation', 0, 'a'), { rotation: 1 }).data,
    );
    expect(results[0]).toEqual(results[1]);
    expect(results[0]).not.toEqual(results[2]);
  });

  it('gives the images of the version before crops, shifts and intensity existed', () => {
    const data = Uint8Array.from({ length: 40 * 30 * 3 }, (_, i) => (i * i + 7 * i) % 251);
    const hash = createHash('sha256');
    for (let seed = 0; seed < 20; seed++) {
      const random = createRandom(seed, 'augmentation', 0, 'a');
      hash.update(augment({ data, width: 40, height: 30, channels: 3 }, random).data);
    }
    expect(hash.digest('hex').slice(0, 16)).toBe('dbf600cb5e35099a');
  });

  it('changes the levels of an image, but not of its mask', () => {
    const pixels = plane([[0, 100, 200]]);
    const darker = { ...none, intensity: { brightness: 0.5, contrast: 1, gamma: 1 } };
    expect(rowsOf(applyAugmentation(pixels, darker))).toEqual([[0, 50, 100]]);
    expect(rowsOf(applyAugmentation(pixels, darker, { interpolation: 'nearest' }))).toEqual([
      [0, 100, 200],
    ]);
  });
});

describe('augmentationPresets', () => {
  it("has the paper's augmentation as fundus, which is the default of augment", () => {
    const { fundus } = augmentationPresets;
    for (const seed of [1, 2, 3])
      expect(sampleAugmentation(createRandom(seed), fundus)).toEqual(
        sampleAugmentation(createRandom(seed)),
      );
  });

  it('never flips or turns an X-ray, and changes nothing with none', () => {
    for (let seed = 0; seed < 200; seed++) {
      const xray = sampleAugmentation(createRandom(seed), augmentationPresets.xray);
      expect(xray).toMatchObject({
        horizontalFlip: false,
        verticalFlip: false,
        diagonalFlip: 'none',
      });
      expect(Math.abs(xray.angle)).toBeLessThanOrEqual(10);
      expect(sampleAugmentation(createRandom(seed), augmentationPresets.none)).toEqual(none);
    }
  });

  it('is recognized from its options', () => {
    for (const name of ['fundus', 'xray', 'light', 'none'] as const)
      expect(presetOf({ ...augmentationPresets[name] })).toBe(name);
    expect(presetOf(false)).toBe('none');
    expect(presetOf({})).toBe('fundus');
    expect(presetOf({ rotation: 0.4 })).toBeUndefined();
  });
});
