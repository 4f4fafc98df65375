import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';
import type { PixelValues } from '@nonlocal-med/core';
import { decodeImage } from '@nonlocal-med/data';
import { temporaryFolder } from '@nonlocal-med/testing';
import { beforeAll, describe, expect, it } from 'vitest';

const python = process.env.NONLOCAL_MED_PYTHON ?? 'python3';
const folder = await temporaryFolder('read-image');

/** Image files in every usual encoding, and files that decoders read differently: make_encodings.py, make_image_files.py. */
const files = ['../../../data/test/golden/encodings.json', '../../test/golden/image_files.json']
  .flatMap(
    (list) =>
      JSON.parse(readFileSync(new URL(list, import.meta.url), 'utf8')) as {
        readonly name: string;
        readonly file: string;
        /** Of the images that the model was trained on; null for a model of version 0.0. */
        readonly values?: PixelValues | null;
      }[],
  )
  .map(({ name, file, values = '8-bit' }) => ({
    name,
    values,
    bytes: inflateSync(Buffer.from(file, 'base64')),
  }));

/** Reads cases with read_image.py. Gray files of which it makes three equal channels count as gray. */
const READ = `
import hashlib, json, sys
sys.path[:0], sys.dont_write_bytecode = [sys.argv[1]], True
from read_image import ImageError, read_image
found = []
for case in json.load(open(sys.argv[2])):
    try:
        levels = read_image(case['path'], {} if case['values'] is None else {'values': case['values']})
        if levels.ndim == 3 and (levels == levels[..., :1]).all():
            levels = levels[..., 0]
        shape = [*levels.shape[:2], levels.shape[2] if levels.ndim == 3 else 1]
        found.append({'shape': shape, 'bytes': levels.itemsize, 'hash': hashlib.sha256(levels.tobytes()).hexdigest()})
    except ImageError as error:
        found.append({'refused': str(error)})
json.dump(found, sys.stdout)
`;

type Found =
  { readonly refused: string } | { readonly shape: number[]; bytes: number; readonly hash: string };

/** What read_image.py gives for files. */
async function readInPython(
  cases: readonly { readonly path: string; readonly values: PixelValues | null }[],
): Promise<Found[]> {
  const list = join(folder, 'cases.json');
  await writeFile(list, JSON.stringify(cases));
  const scripts = fileURLToPath(new URL('../../python', import.meta.url));
  const text = execFileSync(python, ['-c', READ, scripts, list], { encoding: 'utf8' });
  return JSON.parse(text) as Found[];
}

/** What the training reads from a file. */
async function readHere(bytes: Uint8Array, values: PixelValues | null): Promise<Found> {
  const decoded = await decodeImage(bytes, { values: values ?? undefined }).catch(
    ({ message }: Error) => message,
  );
  if (typeof decoded === 'string') return { refused: decoded };
  const { data, height, width, channels } = decoded;
  const isGray = data.every((level, i) => level === data[i - (i % channels)]);
  const kept = isGray ? data.filter((_, i) => i % channels === 0) : data;
  return {
    shape: [height, width, isGray ? 1 : channels],
    bytes: data.BYTES_PER_ELEMENT,
    hash: createHash('sha256').update(kept).digest('hex'),
  };
}

describe.runIf(spawnSync(python, ['-c', 'import cv2']).status === 0)(
  `read_image.py with OpenCV (${python})`,
  () => {
    const found = new Map<string, Found>();

    beforeAll(async () => {
      await mkdir(join(folder, 'files with spaces'));
      const cases = files.map(({ values }, i) => ({
        path: join(folder, 'files with spaces', `ä ${i}`),
        values,
      }));
      for (const [i, { path }] of cases.entries()) await writeFile(path, files[i].bytes);
      for (const [i, result] of (await readInPython(cases)).entries())
        found.set(files[i].name, result);
    }, 120_000);

    it.each(files.map((file) => [file.name, file] as const))(
      'reads the pixels of the training or refuses: %s',
      async (name, { bytes, values }) => {
        const here = await readHere(bytes, values);
        const there = found.get(name)!;
        if ('refused' in there) expect(there.refused).toMatch(/files with spaces\/ä \d+ (is|has) /);
        else expect(there).toEqual(here);
      },
    );

    it('reads most of them', () => {
      const refused = (name: string): boolean => 'refused' in found.get(name)!;
      const usual = /^(PNG, (RGB|gray|palette)$|JPEG, .*(optimized|progressive|orientation \d)$)/;
      const names = files.map(({ name }) => name);
      expect(names.filter((name) => usual.test(name) && refused(name))).toEqual([]);
      expect(names.filter((name) => !refused(name)).length).toBeGreaterThan(names.length / 2);
    });

    it('says what to do with a DICOM file, and names a file that is missing', async () => {
      const path = join(folder, 'image.dcm');
      await writeFile(path, Buffer.concat([Buffer.alloc(128), Buffer.from('DICM\x02\0\0\0UL')]));
      const missing = join(folder, 'missing.png');
      const [dicom, none] = await readInPython([
        { path, values: '8-bit' },
        { path: missing, values: '8-bit' },
      ]);
      expect(dicom).toEqual({
        refused: `${path} is a DICOM file, which this program does not read, since its values depend on a window: use \`npx nonlocal-med predict\` with the folder of the run, which reads more kinds of files`,
      });
      expect(none).toEqual({
        refused: `${missing} cannot be read: No such file or directory`,
      });
    });
  },
);
