import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { type DicomElements, encodeDicom, wordBytes } from '../testing/encodeDicom.js';
import { decodeDicom, decodeStoredValues } from './decodeDicom.js';
import { nodePlatform } from './nodePlatform.js';

const folder = join(import.meta.dirname, '../../test/dicom');
const options = { maximumPixels: 1e8, platform: nodePlatform };

/** What pydicom 3.0.2 makes of these files; `benchmarks/dicom.py` compares all of its files. */
const golden = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as {
  files: Record<string, { frames: number; shape: number[]; sha256: string }>;
};

const hashOf = (values: ArrayLike<number>): string =>
  createHash('sha256')
    .update(new Uint8Array(Int32Array.from(values).buffer))
    .digest('hex');

const levelsOf = async (bytes: Uint8Array, window?: number | 'percentile'): Promise<number[]> => [
  ...(await decodeDicom(bytes, { ...options, window })).levels,
];

async function messageOf(bytes: Uint8Array): Promise<string> {
  const error: unknown = await decodeDicom(bytes, options).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).message;
}

describe('decodeDicom reads the values that pydicom reads', () => {
  it.each(Object.entries(golden.files))('from %s', async (file, { frames, shape, sha256 }) => {
    const bytes = readFileSync(join(folder, file));
    const frame = frames - 1;
    const { stored, attributes } = await decodeStoredValues(bytes, { ...options, frame });
    expect([attributes.rows, attributes.columns]).toEqual(shape.slice(0, 2));
    if (attributes.samplesPerPixel === 1) expect(hashOf(stored.values)).toBe(sha256);
    else {
      const { levels } = await decodeDicom(bytes, { ...options, frame });
      const largest = 2 ** attributes.bitsStored - 1;
      expect(hashOf(levels.map((level) => Math.round((level * largest) / 65535)))).toBe(sha256);
    }
  });
});

const row = [0, 1, 1000, 2047, 2048, 3000, 4094, 4095];
const gray = (elements: DicomElements, values: readonly number[] = row): Buffer =>
  encodeDicom({
    rows: 1,
    columns: values.length,
    elements: { '00280101': ['US', 12], '00280102': ['US', 11], ...elements },
    pixels: wordBytes(values),
  });
const window = (center: number, width: number): DicomElements => ({
  '00281050': ['DS', [center]],
  '00281051': ['DS', [width]],
});
const round = (levels: readonly number[]): number[] =>
  levels.map((level) => Math.floor(Math.min(Math.max(level, 0), 1) * 65535 + 0.5));

describe('decodeDicom', () => {
  it('applies a window as DICOM PS3.3, section C.11.2.1.2 defines it', async () => {
    expect(await levelsOf(gray(window(2048, 1000)))).toEqual(
      round(row.map((value) => (value - 2047.5) / 999 + 0.5)),
    );
    const exact = { ...window(2048, 1000), '00281056': ['CS', 'LINEAR_EXACT'] } as const;
    expect(await levelsOf(gray(exact))).toEqual(
      round(row.map((value) => (value - 2048) / 1000 + 0.5)),
    );
    const sigmoid = { ...window(2048, 1000), '00281056': ['CS', 'SIGMOID'] } as const;
    expect(await levelsOf(gray(sigmoid))).toEqual(
      round(row.map((value) => 1 / (1 + Math.exp((-4 * (value - 2048)) / 1000)))),
    );
    expect(await levelsOf(gray(window(1000.5, 1)))).toEqual(
      row.map((value) => (value > 1000 ? 65535 : 0)),
    );
  });

  it('takes the window that is chosen', async () => {
    const elements: DicomElements = {
      '00281050': ['DS', [1000, 3000]],
      '00281051': ['DS', [500, 100]],
    };
    expect(await levelsOf(gray(elements))).toEqual(await levelsOf(gray(window(1000, 500))));
    expect(await levelsOf(gray(elements), 2)).toEqual(await levelsOf(gray(window(3000, 100))));
    await expect(levelsOf(gray(elements), 3)).rejects.toThrow(
      /^: has 2 windows, but window 3 is to be used/,
    );
    await expect(levelsOf(gray({}), 2)).rejects.toThrow(
      /^: has no window, but window 2 is to be used/,
    );
  });

  it('clips a lookup table with more bits than it declares', async () => {
    const table: DicomElements = {
      '00283002': ['US', [3, 0, 12]],
      '00283006': ['US', [0, 4095, 5000]],
    };
    expect(await levelsOf(gray({ '00283010': ['SQ', [table]] }, [0, 1, 2]))).toEqual([
      0, 65535, 65535,
    ]);
  });

  it('rescales before the window', async () => {
    const elements: DicomElements = {
      ...window(40, 400),
      '00281052': ['DS', [-1024]],
      '00281053': ['DS', [0.5]],
    };
    expect(await levelsOf(gray(elements))).toEqual(
      round(row.map((value) => (value * 0.5 - 1024 - 39.5) / 399 + 0.5)),
    );
  });

  it('inverts MONOCHROME1, and a presentation LUT with the shape INVERSE, once', async () => {
    const upright = await levelsOf(gray(window(2048, 4096)));
    const inverse = upright.map((level) => 65535 - level);
    const monochrome1 = { '00280004': ['CS', 'MONOCHROME1'] } as const;
    const shape = { '20500020': ['CS', 'INVERSE'] } as const;
    for (const elements of [monochrome1, shape, { ...monochrome1, ...shape }])
      expect(await levelsOf(gray({ ...window(2048, 4096), ...elements }))).toEqual(inverse);
  });

  it('prefers the lookup table of the file to its window', async () => {
    const table = {
      '00283010': [
        'SQ',
        [{ '00283002': ['US', [3, 1000, 16]], '00283006': ['OW', wordBytes([7, 40000, 65535])] }],
      ],
    } as const satisfies DicomElements;
    const values = [0, 1000, 1001, 1002, 4095];
    const file = gray({ ...window(2048, 4096), ...table }, values);
    expect(await levelsOf(file)).toEqual([7, 7, 40000, 65535, 65535]);
    expect(await levelsOf(file, 1)).toEqual(await levelsOf(gray(window(2048, 4096), values)));
  });

  it('starts a lookup table at a negative value, if stored values have no sign but rescaled ones do', async () => {
    const table = {
      '00283010': [
        'SQ',
        [{ '00283002': ['SS', [3, -1000, 16]], '00283006': ['OW', wordBytes([7, 40000, 65535])] }],
      ],
      '00281052': ['DS', [-1024]],
      '00281053': ['DS', [1]],
    } as const satisfies DicomElements;
    expect(await levelsOf(gray(table, [0, 24, 25, 26, 4095]))).toEqual([7, 7, 40000, 65535, 65535]);
  });

  it('applies a modality lookup table in place of a rescale', async () => {
    const table = {
      '00283000': [
        'SQ',
        [{ '00283002': ['US', [2, 0, 16]], '00283006': ['OW', wordBytes([100, 300])] }],
      ],
    } as const satisfies DicomElements;
    const { levels, modality } = await decodeDicom(
      gray({ ...window(200, 200), ...table }, [0, 1, 2]),
      options,
    );
    expect([...modality!()]).toEqual([100, 300, 300]);
    expect([...levels]).toEqual(round([(100 - 199.5) / 199 + 0.5, 1, 1]));
  });

  it('uses percentiles if there is no window, without the padding', async () => {
    const values = [4000, ...Array.from({ length: 201 }, (_, index) => 1000 + index)];
    const padded = { '00280120': ['US', 4000] } as const;
    const { levels, source } = await decodeDicom(gray(padded, values), options);
    expect(source).toBe('percentile');
    // numpy.percentile of 1000 to 1200: 1001 and 1199.
    expect([levels[0], ...levels.slice(1, 4)]).toEqual([0, ...round([-1, 0, 1 / 198])]);
    expect([...levels.slice(-3)]).toEqual(round([197 / 198, 1, 2]));
    expect((await decodeDicom(gray(padded, values), options)).modality!()[0]).toBeNaN();
  });

  it('uses percentiles of signed and of 32-bit values, as numpy.percentile computes them', async () => {
    const sumOf = (levels: readonly number[]): number => levels.reduce((sum, level) => sum + level);
    const signed = Int16Array.from({ length: 900 }, (_, i) => ((i * i * 37) % 2003) - 1000);
    const shorts = await levelsOf(gray({ '00280103': ['US', 1] }, [...signed]));
    expect(shorts.slice(0, 8)).toEqual([0, 975, 4643, 10757, 19317, 30322, 43773, 59669]);
    expect(sumOf(shorts)).toBe(30_050_916);
    const wide = Uint32Array.from({ length: 900 }, (_, i) => (i * 4_000_037) % 4_000_000_007);
    const longs = await levelsOf(
      encodeDicom({
        rows: 1,
        columns: 900,
        elements: {
          '00280100': ['US', 32],
          '00280101': ['US', 32],
          '00280102': ['US', 31],
        },
        pixels: new Uint8Array(wide.buffer),
      }),
    );
    expect(longs.slice(0, 8)).toEqual([0, 0, 0, 0, 0, 37, 111, 184]);
    expect(sumOf(longs)).toBe(29_490_750);
  });

  it('keeps padding black in MONOCHROME1', async () => {
    const elements = {
      ...window(2048, 4096),
      '00280004': ['CS', 'MONOCHROME1'],
      '00280120': ['US', 0],
      '00280121': ['US', 1],
    } as const satisfies DicomElements;
    const levels = await levelsOf(gray(elements));
    expect(levels.slice(0, 2)).toEqual([0, 0]);
    expect(levels[2]).toBe(65535 - (await levelsOf(gray(window(2048, 4096))))[2]);
  });

  it('reads signed values of 12 bits, and ignores what is above them', async () => {
    const elements = { '00280103': ['US', 1] } as const;
    const file = gray(elements, [0xf000, 0x0fff, 0x7800, 0x07ff]);
    expect([...(await decodeStoredValues(file, options)).stored.values]).toEqual([
      0, -1, -2048, 2047,
    ]);
  });

  it('takes the attributes of a frame from its functional groups', async () => {
    const groupOf = (center: number): DicomElements => ({
      '00289132': ['SQ', [{ '00281050': ['DS', [center]], '00281051': ['DS', [10]] }]],
    });
    const file = encodeDicom({
      rows: 1,
      columns: 2,
      elements: { '00280008': ['IS', [2]], '52009230': ['SQ', [groupOf(100), groupOf(200)]] },
      pixels: wordBytes([100, 200, 100, 200]),
    });
    const second = await decodeDicom(file, { ...options, frame: 1 });
    expect([...(await decodeDicom(file, options)).levels]).toEqual([
      ...round([(100 - 99.5) / 9 + 0.5]),
      65535,
    ]);
    expect([...second.levels]).toEqual([0, ...round([(200 - 199.5) / 9 + 0.5])]);
    expect(second.frames).toBe(2);
  });
});

describe('decodeDicom reads colors', () => {
  const color = (elements: DicomElements, pixels: readonly number[], samples = 3): Buffer =>
    encodeDicom({
      rows: 1,
      columns: 2,
      elements: {
        '00280002': ['US', samples],
        '00280004': ['CS', 'RGB'],
        '00280100': ['US', 8],
        '00280101': ['US', 8],
        '00280102': ['US', 7],
        ...elements,
      },
      pixels: Uint8Array.from(pixels),
    });
  const bytesOf = async (file: Buffer): Promise<number[]> =>
    (await levelsOf(file)).map((level) => level / 257);

  it('by pixel and by plane', async () => {
    expect(await bytesOf(color({ '00280006': ['US', 0] }, [1, 2, 3, 4, 5, 6]))).toEqual([
      1, 2, 3, 4, 5, 6,
    ]);
    expect(await bytesOf(color({ '00280006': ['US', 1] }, [1, 4, 2, 5, 3, 6]))).toEqual([
      1, 2, 3, 4, 5, 6,
    ]);
  });

  it('from luminance and chrominance, of each pixel or of two together', async () => {
    // PS3.3, C.7.6.3.1.2: Y 100, Cb 150, Cr 90 is R 46.7, G 119.6, B 139.0.
    const rgb = [47, 120, 139];
    const full = { '00280004': ['CS', 'YBR_FULL'], '00280006': ['US', 0] } as const;
    expect((await bytesOf(color(full, [100, 150, 90, 50, 128, 128]))).map(Math.round)).toEqual([
      ...rgb,
      ...[50, 50, 50],
    ]);
    const shared = { '00280004': ['CS', 'YBR_FULL_422'], '00280006': ['US', 0] } as const;
    expect((await bytesOf(color(shared, [100, 100, 150, 90]))).map(Math.round)).toEqual([
      ...rgb,
      ...rgb,
    ]);
  });

  it('from a palette', async () => {
    const descriptor = ['US', [3, 10, 16]] as const;
    const palette = {
      '00280004': ['CS', 'PALETTE COLOR'],
      '00281101': descriptor,
      '00281102': descriptor,
      '00281103': descriptor,
      '00281201': ['OW', wordBytes([0, 30000, 65535])],
      '00281202': ['OW', wordBytes([1, 40000, 60000])],
      '00281203': ['OW', wordBytes([2, 50000, 50000])],
    } as const satisfies DicomElements;
    expect(await levelsOf(color(palette, [11, 200], 1))).toEqual([
      ...[30000, 40000, 50000],
      ...[65535, 60000, 50000],
    ]);
  });
});

interface Encoder {
  getDecodedBuffer(info: object): Uint8Array;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
  setNearLossless?(value: number): void;
}
type Codec = () => Promise<Record<string, new () => Encoder>>;
const require = createRequire(import.meta.url);

/** Compresses 16-bit values with the encoder of a codec. */
async function compress(
  [module, name]: readonly [string, string],
  values: Uint16Array,
): Promise<Uint8Array> {
  const { [name]: Encoder } = await (require(module) as Codec)();
  const encoder = new Encoder();
  const info = {
    width: 64,
    height: 40,
    bitsPerSample: 12,
    componentCount: 1,
    isSigned: false,
    isUsingColorTransform: false,
  };
  encoder.getDecodedBuffer(info).set(new Uint8Array(values.buffer));
  encoder.setNearLossless?.(0);
  encoder.encode();
  return new Uint8Array(encoder.getEncodedBuffer());
}

/** Values of 12 bits, 64 x 40, and a file with them as compressed fragments. */
const values = Uint16Array.from({ length: 64 * 40 }, (_, i) => (i * 613) % 4096);
const compressedFile = (transferSyntax: string, pixels: readonly Uint8Array[]): Buffer =>
  encodeDicom({
    rows: 40,
    columns: 64,
    elements: { '00280101': ['US', 12], '00280102': ['US', 11] },
    pixels,
    transferSyntax,
  });

describe('decodeDicom decompresses', () => {
  it.each<[string, string, [string, string]]>([
    ['JPEG-LS', '1.2.840.10008.1.2.4.80', ['@cornerstonejs/codec-charls/wasmjs', 'JpegLSEncoder']],
    ['JPEG 2000', '1.2.840.10008.1.2.4.90', ['@cornerstonejs/codec-openjpeg/wasmjs', 'J2KEncoder']],
    ['HTJ2K', '1.2.840.10008.1.2.4.201', ['@cornerstonejs/codec-openjph', 'HTJ2KEncoder']],
  ])('%s without loss', async (_, transferSyntax, encoder) => {
    const frame = await compress(encoder, values);
    const half = frame.length >> 1;
    const file = compressedFile(transferSyntax, [
      frame.subarray(0, half - (half % 2)),
      frame.subarray(half - (half % 2)),
    ]);
    expect([...(await decodeStoredValues(file, options)).stored.values]).toEqual([...values]);
  });

  it('encapsulated values that are not compressed', async () => {
    const pixels = new Uint8Array(values.slice().buffer);
    const file = compressedFile('1.2.840.10008.1.2.1.98', [pixels]);
    expect([...(await decodeStoredValues(file, options)).stored.values]).toEqual([...values]);
  });

  it('baseline JPEG in the color space that the file declares, whatever the JPEG says', async () => {
    const pixels = Uint8Array.from({ length: 8 * 8 * 3 }, (_, i) => [200, 90, 30][i % 3]);
    const jpeg = await sharp(pixels, { raw: { width: 8, height: 8, channels: 3 } })
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .toBuffer();
    const fileOf = (photometric: string): Buffer =>
      encodeDicom({
        rows: 8,
        columns: 8,
        elements: {
          '00280002': ['US', 3],
          '00280004': ['CS', photometric],
          '00280006': ['US', 0],
          '00280100': ['US', 8],
          '00280101': ['US', 8],
          '00280102': ['US', 7],
        },
        pixels: [jpeg],
        transferSyntax: '1.2.840.10008.1.2.4.50',
      });
    const first = async (photometric: string): Promise<number[]> =>
      (await levelsOf(fileOf(photometric))).slice(0, 3).map((level) => Math.round(level / 257));
    for (const [i, level] of (await first('YBR_FULL')).entries())
      expect(Math.abs(level - [200, 90, 30][i])).toBeLessThanOrEqual(2);
    // The stored Y, Cb and Cr taken as red, green and blue.
    for (const [i, level] of (await first('RGB')).entries())
      expect(Math.abs(level - [116, 79, 188][i])).toBeLessThanOrEqual(2);
  });
});

it('decodes good files beside damaged ones at the same time', async () => {
  const good = readFileSync(join(folder, 'JPEG2000.dcm'));
  const damaged = new Uint8Array(good);
  damaged.fill(0x5a, good.length - 9000, good.length - 200);
  const expected = await levelsOf(good);
  const results = await Promise.allSettled(
    Array.from({ length: 12 }, (_, i) => levelsOf(i % 3 === 0 ? damaged : good)),
  );
  for (const [i, result] of results.entries())
    if (i % 3 > 0) expect(result.status === 'fulfilled' && result.value).toEqual(expected);
});

describe('decodeDicom refuses with a reason', () => {
  it('what is not supported, by its name', async () => {
    const file = (transferSyntax: string): Buffer =>
      encodeDicom({ rows: 1, columns: 1, pixels: [Uint8Array.of(1, 2)], transferSyntax });
    expect(await messageOf(file('1.2.840.10008.1.2.4.103'))).toContain(
      'is a DICOM file whose pixels are encoded as MPEG video, transfer syntax 1.2.840.10008.1.2.4.103, which is not supported',
    );
    expect(await messageOf(file('1.2.840.10008.1.2.4.110'))).toContain('JPEG XL');
    const jpeg = Uint8Array.of(
      0xff,
      0xd8,
      0xff,
      0xc1,
      0,
      11,
      12,
      0,
      1,
      0,
      1,
      1,
      1,
      0x11,
      0,
      0xff,
      0xd9,
    );
    const twelve = encodeDicom({
      rows: 1,
      columns: 1,
      pixels: [jpeg],
      transferSyntax: '1.2.840.10008.1.2.4.51',
    });
    expect(await messageOf(twelve)).toContain('is a DICOM file with 12-bit lossy JPEG');
  });

  it('files without pixels, with their modality', async () => {
    const whole = encodeDicom({
      rows: 1,
      columns: 1,
      elements: { '00080060': ['CS', 'SR'] },
      pixels: new Uint8Array(0),
    });
    expect(await messageOf(whole.subarray(0, whole.length - 12))).toContain(
      'is a DICOM file without pixels (modality SR)',
    );
  });

  it('pixels that are missing, or of another size than declared', async () => {
    for (const bytes of [4, 30, 90])
      expect(await messageOf(gray({}).subarray(0, -bytes))).toBe(
        ': damaged or truncated DICOM file: an element extends beyond the end of the file',
      );
    const short = encodeDicom({ rows: 2, columns: 8, pixels: wordBytes(row) });
    expect(await messageOf(short)).toContain('its pixels end after 16 of 32 bytes (frame 1)');
    const huge = encodeDicom({ rows: 60000, columns: 60000, pixels: wordBytes(row) });
    expect(await messageOf(huge)).toContain('60000 x 60000 pixels are too many');
  });

  // NONLOCAL_MED_SLOW=1 tries 10,000.
  const rounds = process.env.NONLOCAL_MED_SLOW === '1' ? 10_000 : 500;
  it(`${rounds} damaged files, without any other error, and in bounded memory`, async () => {
    const frame = await compress(['@cornerstonejs/codec-openjph', 'HTJ2KEncoder'], values);
    const files = [
      ...Object.keys(golden.files).map((file) => readFileSync(join(folder, file))),
      compressedFile('1.2.840.10008.1.2.4.201', [frame]),
    ];
    let seed = 7;
    const random = (below: number): number =>
      (seed = (seed * 1103515245 + 12345) % 2 ** 31) % below;
    const memory = process.memoryUsage().rss;
    let refused = 0;
    for (let round = 0; round < rounds; round++) {
      const bytes = new Uint8Array(files[round % files.length]);
      // Half of the changes are in the header, where a byte decides about sizes.
      for (let i = 0; i < 4; i++)
        bytes[random(i % 2 === 0 ? Math.min(1500, bytes.length) : bytes.length)] = random(256);
      const cut = round % 5 === 0 ? bytes.subarray(0, 140 + random(bytes.length - 140)) : bytes;
      const error: unknown = await decodeDicom(cut, options).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error !== undefined) expect(error).toBeInstanceOf(InputError);
      if (error !== undefined) refused++;
    }
    expect(refused).toBeGreaterThan(rounds / 10);
    expect(process.memoryUsage().rss - memory).toBeLessThan(2 ** 30);
  }, 1_200_000);
});
