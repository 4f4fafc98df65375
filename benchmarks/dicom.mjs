/*
 * Compares the DICOM decoder with pydicom on pydicom's own test files:
 *   node benchmarks/dicom.mjs --python PYTHON [--files FOLDER] [--folder FOLDER]
 * PYTHON needs pydicom, pylibjpeg, pylibjpeg-libjpeg, pylibjpeg-openjpeg, pylibjpeg-rle and numpy.
 *
 * Stored values of grayscale images, RGB of color images, and levels after rescale, window or lookup table and inversion
 * are compared for up to two frames of each file. Lossless files have to be equal, lossy ones within 3 levels; levels
 * within half a level of 16 bits. --files adds a folder of own files. --folder keeps what pydicom wrote.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { decodeDicom, decodeStoredValues } from '../packages/data/dist/dicom/decodeDicom.js';

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    files: { type: 'string' },
    folder: { type: 'string' },
  },
});
const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'dicom-'));
mkdirSync(folder, { recursive: true });
const script = fileURLToPath(new URL('dicom.py', import.meta.url));
const extra = values.files === undefined ? [] : [values.files];
execFileSync(values.python, [script, folder, ...extra], { stdio: 'inherit' });
const { pydicom, entries } = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'));

/** Transfer syntaxes that may change values: baseline and extended JPEG, JPEG-LS near-lossless, JPEG 2000, HTJ2K. */
const LOSSY = /\.4\.(50|51|81|91|203)$/;
const ALLOWED = 3;
const options = { maximumPixels: 1e8 };

const readDoubles = (name) =>
  new Float64Array(new Uint8Array(readFileSync(join(folder, name))).buffer);

/** The largest difference; Infinity if the lengths differ. */
function largest(ours, theirs, scale = 1) {
  if (ours.length !== theirs.length) return Infinity;
  let worst = 0;
  for (let i = 0; i < ours.length; i++)
    worst = Math.max(worst, Math.abs(ours[i] - theirs[i] * scale));
  return worst;
}

/** Our values in the units that pydicom has: stored gray values, 8- or 16-bit RGB. */
async function ourValues(bytes, frame, { kind, shape }) {
  const { stored, attributes } = await decodeStoredValues(bytes, { ...options, frame });
  if (attributes.samplesPerPixel === 1 && kind !== 'PALETTE COLOR') return stored.values;
  const { levels } = await decodeDicom(bytes, { ...options, frame });
  const scale = kind === 'PALETTE COLOR' ? 1 : 65535 / (2 ** attributes.bitsStored - 1);
  return Float64Array.from(levels, (level) => Math.round(level / scale));
}

const rows = [];
for (const entry of entries) {
  const bytes = readFileSync(entry.file);
  const row = {
    file: entry.name,
    syntax: entry.syntax.replace('1.2.840.10008.1.2', '*'),
    kind: entry.kind,
  };
  rows.push(row);
  try {
    if (entry.frames.length === 0) await decodeDicom(bytes, options);
    for (const [frame, { stem, shape, levels }] of entry.frames.entries()) {
      const ours = await ourValues(bytes, frame, { kind: entry.kind, shape });
      row.values = Math.max(row.values ?? 0, largest(ours, readDoubles(`${stem}.values`)));
      if (!levels) continue;
      const rendered = await decodeDicom(bytes, { ...options, frame });
      row.levels = Math.max(
        row.levels ?? 0,
        largest(rendered.levels, readDoubles(`${stem}.levels`), 65535),
      );
    }
  } catch (error) {
    row.refused = error.issues?.[0].message ?? error.stack;
  }
  if (entry.refused !== undefined) row.pydicom = entry.refused;
  row.allowed = LOSSY.test(entry.syntax) ? ALLOWED : 0;
  row.bothRefuse = row.refused !== undefined && entry.refused !== undefined;
  row.ok =
    row.refused === undefined &&
    row.values <= row.allowed &&
    (row.levels ?? 0) <= 0.5 + 1e-6 + row.allowed * 65535;
}
for (const {
  file,
  syntax,
  kind,
  values: difference,
  levels,
  refused,
  pydicom: theirs,
  ok,
  bothRefuse,
} of rows)
  console.log(
    [
      ok ? 'equal  ' : bothRefuse ? 'refused' : 'DIFFERS',
      file.padEnd(45),
      syntax.padEnd(7),
      kind.padEnd(14),
      refused ??
        `largest difference of values ${difference ?? '-'}, of levels ${levels?.toFixed(3) ?? '-'}`,
      theirs === undefined ? '' : `(pydicom: ${theirs})`,
    ].join(' '),
  );
const equal = rows.filter(({ ok }) => ok).length;
const refused = rows.filter(({ bothRefuse }) => bothRefuse).length;
console.log(
  `${equal} of ${rows.length} files as pydicom ${pydicom} has them, ${refused} refused by both, ${rows.length - equal - refused} different`,
);
if (values.folder === undefined) rmSync(folder, { recursive: true });
