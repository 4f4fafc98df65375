import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { encodeDicom, wordBytes } from './encodeDicom.js';

/** What identifies a person, a place or an examination in the files of {@link identifyingImages} and their names. */
export const identifying = {
  name: 'Lovelace^Ada',
  birthDate: '19151210',
  age: '103Y',
  institution: 'St. Example Hospital',
  station: 'STATION77',
  serialNumber: 'SN880123',
  physician: 'House^Gregory',
  accession: 'ACC70911',
  patient: 'MRN4711',
  date: '20260314',
  study: '1.2.826.0.1.3680043.8.498.77',
  series: '1.2.826.0.1.3680043.8.498.99',
  instance: '1.2.826.0.1.3680043.8.498.88',
  fileName: 'Hopper_Grace',
} as const;

/**
 * Writes 32 DICOM files of 16 patients whose attributes and names identify them, in the classes healthy and disease; one
 * that cannot be read; and one that is not an image.
 */
export async function identifyingImages(root: string): Promise<void> {
  for (let index = 0; index < 32; index++) {
    const label = index % 2 === 0 ? 'healthy' : 'disease';
    const folder = join(root, label, identifying.fileName);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${identifying.fileName}${index}`), identifyingFile(index));
  }
  const broken = encodeDicom({ rows: 9, columns: 9, pixels: new Uint8Array(4) });
  await writeFile(join(root, 'healthy', `${identifying.fileName}-broken.dcm`), broken);
  await writeFile(join(root, 'healthy', `${identifying.fileName}-letter.txt`), 'text');
}

/** Every second one has a bright border on its left. */
function identifyingFile(index: number): Buffer {
  const values = Uint16Array.from({ length: 48 * 48 }, (_, i) =>
    index % 2 === 1 && i % 48 < 8 ? 3500 : (i * 31 + index * 7) % 2048,
  );
  return encodeDicom({
    rows: 48,
    columns: 48,
    elements: {
      '00080018': ['UI', `${identifying.instance}.${index}`],
      '00080020': ['DA', identifying.date],
      '00080050': ['LO', identifying.accession],
      '00080070': ['LO', 'GE MEDICAL SYSTEMS'],
      '00080080': ['LO', identifying.institution],
      '00080090': ['PN', identifying.physician],
      '00081010': ['LO', identifying.station],
      '00100010': ['PN', identifying.name],
      '00100020': ['LO', `${identifying.patient}${index >> 1}`],
      '00100030': ['DA', identifying.birthDate],
      '00100040': ['CS', index % 4 < 2 ? 'F' : 'M'],
      '00101010': ['AS', identifying.age],
      '00181000': ['LO', identifying.serialNumber],
      '0020000D': ['UI', `${identifying.study}.${index}`],
      '0020000E': ['UI', `${identifying.series}.${index}`],
      '00280101': ['US', 12],
      '00280102': ['US', 11],
      '00281050': ['DS', [2048]],
      '00281051': ['DS', [4096]],
    },
    pixels: wordBytes(values),
  });
}

/**
 * What identifies somebody in the files below a folder and in their names, and paths of the images: "patient in
 * events.jsonl".
 */
export async function identifyingIn(folder: string, images: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.filter((each) => each.isFile())) {
    const file = join(entry.parentPath, entry.name);
    const name = relative(folder, file);
    const content = `${name}\n${await readFile(file, 'latin1')}`;
    const searched: [what: string, value: string][] = [
      ...Object.entries(identifying),
      ['path', images],
    ];
    for (const [what, value] of searched) {
      // Four bytes occur by chance in millions of weights and pixels.
      const within = value.length < 8 && isBinary(name) ? name : content;
      if (within.includes(value)) found.push(`${what} in ${name}`);
    }
  }
  return found;
}

const isBinary = (name: string): boolean => /\.(safetensors|bin|png|webp)$/.test(name);
