import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { imageFolder } from './imageFolder.js';

/** The findings of {@link findingsFolder} by default. */
const FINDINGS = ['dots', 'Pleural effusion'];

/**
 * Writes the images of `imageFolder`, and `labels.csv` with their patient (two images each) and a column per finding:
 * the first one is the class `some`, the others have nothing to do with the image. Of the first one, every ninth label is
 * uncertain (-1), of the second one every tenth is blank.
 * @returns the path of the table
 */
export async function findingsFolder(
  folder: string,
  { images = 40, findings = FINDINGS }: { images?: number; findings?: readonly string[] } = {},
): Promise<string> {
  await imageFolder(folder, { images });
  const withDots = new Set(await readdir(join(folder, 'some')));
  const rows = Array.from({ length: images }, (_, image) => {
    const name = `image-${image}.png`;
    const hasDots = withDots.has(name);
    const labels = findings.map((_finding, f) => {
      if (f === 0) return image % 9 === 8 ? '-1' : String(Number(hasDots));
      if (f === 1 && image % 10 === 9) return '';
      return String(Number((image >> 1) % (f + 2) === 0));
    });
    return [`${hasDots ? 'some' : 'none'}/${name}`, `patient-${image >> 1}`, ...labels].join(',');
  });
  const table = join(folder, 'labels.csv');
  await writeFile(table, `${[['file', 'patient', ...findings].join(','), ...rows].join('\n')}\n`);
  return table;
}
