import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { encodeDicom, wordBytes } from '../../../packages/data/src/testing/encodeDicom.js';
import { runTrainer } from './testing/runTrainer.js';

const folder = mkdtempSync(join(tmpdir(), 'pseudonyms-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What identifies a person, a place or an examination in the files and their names. */
const identifying = {
  name: 'Lovelace^Ada',
  birthDate: '19151210',
  age: '103Y',
  institution: 'St. Example Hospital',
  physician: 'House^Gregory',
  accession: 'ACC70911',
  patient: 'MRN4711',
  study: '1.2.826.0.1.3680043.8.498.77',
  instance: '1.2.826.0.1.3680043.8.498.88',
  fileName: 'Hopper_Grace',
};

function writeImages(root: string): void {
  for (let index = 0; index < 32; index++) {
    const label = index % 2 === 0 ? 'healthy' : 'disease';
    mkdirSync(join(root, label, identifying.fileName), { recursive: true });
    const values = Uint16Array.from({ length: 48 * 48 }, (_, i) =>
      index % 2 === 1 && i % 48 < 8 ? 3500 : (i * 31 + index * 7) % 2048,
    );
    const file = encodeDicom({
      rows: 48,
      columns: 48,
      elements: {
        '00080018': ['UI', `${identifying.instance}.${index}`],
        '00080050': ['LO', identifying.accession],
        '00080080': ['LO', identifying.institution],
        '00080070': ['LO', 'GE MEDICAL SYSTEMS'],
        '00080090': ['PN', identifying.physician],
        '00100010': ['PN', identifying.name],
        '00100020': ['LO', `${identifying.patient}${index >> 1}`],
        '00100030': ['DA', identifying.birthDate],
        '00100040': ['CS', index % 4 < 2 ? 'F' : 'M'],
        '00101010': ['AS', identifying.age],
        '0020000D': ['UI', `${identifying.study}.${index}`],
        '00280101': ['US', 12],
        '00280102': ['US', 11],
        '00281050': ['DS', [2048]],
        '00281051': ['DS', [4096]],
      },
      pixels: wordBytes(values),
    });
    writeFileSync(join(root, label, identifying.fileName, `${identifying.fileName}${index}`), file);
  }
  // A file that cannot be read, and one that is no image: their names are told to the user alone.
  const broken = encodeDicom({ rows: 9, columns: 9, pixels: new Uint8Array(4) });
  writeFileSync(join(root, 'healthy', `${identifying.fileName}-broken.dcm`), broken);
  writeFileSync(join(root, 'healthy', `${identifying.fileName}-letter.txt`), 'text');
}

/** Every file below a folder. */
const filesBelow = (root: string): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

it('writes nothing that identifies a patient into the run folder, its page and its exported model', async () => {
  const images = join(folder, 'images');
  const run = join(folder, 'run');
  writeImages(images);
  const { code, stdout, stderr } = await runTrainer(folder, [
    ...['train', '--data', images, '--out', run, '--on-bad-image', 'skip', '--model', 'resnet18'],
    ...['--size', '48', '--epochs', '1', '--batch', '8', '--test', '0.25', '--validation', '0.25'],
  ]);
  expect(code, stderr).toBe(0);
  const files = filesBelow(run);
  const names = files.map((file) => file.slice(run.length + 1));
  for (const part of ['report.html', 'environment.json', 'predictions', 'model', 'sheets'])
    expect(names.join('\n')).toContain(part);
  for (const file of files) {
    const content = readFileSync(file, 'latin1');
    for (const [what, value] of Object.entries(identifying))
      expect(content.includes(value), `${what} in ${file}`).toBe(false);
    if (!file.endsWith('config.yaml')) expect(content.includes(images), file).toBe(false);
  }
  expect(names.join('\n')).not.toContain(identifying.fileName);
  // What describes patients and devices without identifying anybody is kept for results by subgroup.
  const [header, ...rows] = readFileSync(join(run, 'predictions/test-attributes.csv'), 'utf8')
    .trim()
    .split('\n');
  expect(header).toBe('id,PatientSex,PatientAge,Manufacturer');
  expect(rows).toHaveLength(8);
  for (const row of rows) expect(row).toMatch(/^dicom-[0-9a-f]{16},[FM],90\+,GE MEDICAL SYSTEMS$/);
  // The terminal is the user's own, and says which file could not be read.
  expect(stdout + stderr).toContain(`${identifying.fileName}-letter.txt`);
});
