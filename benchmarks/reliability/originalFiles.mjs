/* Intact files of each kind, and how they are read. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = fileURLToPath(new URL('../../packages/', import.meta.url));
const filesOf = (folder, pattern) =>
  readdirSync(join(packages, folder))
    .filter((name) => pattern.test(name))
    .sort()
    .map((name) => ({ name, bytes: readFileSync(join(packages, folder, name)) }));

export const kinds = [
  { name: 'weight files', share: 0.4 },
  { name: 'images', share: 0.4 },
  { name: 'DICOM files', share: 0.16 },
  { name: 'tables', share: 0.04 },
];

/** The intact files of a kind, and a function that reads the bytes of one. */
export async function originalFiles(kind, scratch) {
  if (kind === 'weight files') {
    const { readSafetensors, readTorchCheckpoint } = await import('@nonlocal-med/tensor');
    const files = filesOf(
      'tensor/test/fixtures',
      /^(tensors\.safetensors|zip\.pth|legacy\.pth|wrapped\.pth)$/,
    );
    const read = (bytes, name) =>
      name.endsWith('.safetensors') ? readSafetensors(bytes) : readTorchCheckpoint(bytes);
    return { files, read };
  }
  const { decodeImage, readFindings } = await import('@nonlocal-med/data');
  if (kind === 'DICOM files')
    return { files: filesOf('data/test/dicom', /\.dcm$/), read: (bytes) => decodeImage(bytes) };
  if (kind === 'images') return { files: await drawnImages(), read: (bytes) => decodeImage(bytes) };
  const csv = 'id,label_a,label_b\n'.concat(
    ...Array.from(
      { length: 40 },
      (_, i) => `image ${i}.png,${i % 2},"${i % 3 === 0 ? '' : i % 2}"\n`,
    ),
  );
  return {
    files: [
      { name: 'table.csv', bytes: Buffer.from(csv) },
      ...filesOf('data/test/annotations', /\.xls$/),
    ],
    read: (bytes, name) => {
      const file = join(scratch, name);
      writeFileSync(file, bytes);
      return readFindings(file, { labelColumns: ['label_a', 'label_b'] });
    },
  };
}

/** Small images of noise in each format. */
async function drawnImages() {
  const { createRandom } = await import('@nonlocal-med/core');
  const { default: sharp } = await import('sharp');
  const random = createRandom(0, 'noise');
  const pixels = Uint8Array.from({ length: 24 * 20 * 3 }, () => random.integer(256));
  const image = () => sharp(pixels, { raw: { width: 24, height: 20, channels: 3 } });
  return Promise.all(
    ['png', 'jpeg', 'tiff', 'webp'].map(async (format) => ({
      name: `image.${format}`,
      bytes: await image().toFormat(format).toBuffer(),
    })),
  );
}
