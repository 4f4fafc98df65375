import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { openRegularFile, readRegularFile } from '@nonlocal-med/core/node';
import { detectFormat } from '../image/imageFormat.js';
import { type DescribingAttribute, readDescribing } from './describingAttributes.js';
import { type DicomFile, parseDicomFile } from './dicomFile.js';
import { type GroupAttribute, groupAttributes, groupAttributeTags } from './groupAttributes.js';
import { lacksFrames, readImageAttributes } from './imageAttributes.js';
import { nodePlatform } from './nodePlatform.js';

/** What is read of a DICOM file before its pixels are decoded. */
export interface DicomHeader {
  readonly frames: number;
  /** SOP Instance UID, which is unique to the file; of a file without one, a hash of its first bytes. */
  readonly instance: string;
  /** Values of the attributes that images can be grouped by; absent if empty. */
  readonly attributes: Readonly<Partial<Record<GroupAttribute, string>>>;
  /** Values of the attributes that identify nobody and may be kept with the image; absent if empty. */
  readonly describing: Readonly<Partial<Record<DescribingAttribute, string>>>;
  /** Whether the file says that its pixels show text, such as a name (BurnedInAnnotation YES). */
  readonly burnedIn: boolean;
}

/** Headers are usually shorter; of longer ones the whole file is read. */
const HEADER_BYTES = 256 * 1024;
const PIXEL_DATA = 'x7fe00010';

/**
 * Reads the header of a file, if it is a DICOM file, whatever its name; undefined for other files, and for files that
 * cannot be read or are damaged, whose reason decoding them tells.
 */
export const readDicomHeader = (file: string): Promise<DicomHeader | undefined> =>
  withDicomFile(file, async (handle) => {
    const start = Buffer.alloc(HEADER_BYTES);
    const { bytesRead } = await handle.read(start, 0, HEADER_BYTES, 0);
    const { size } = await handle.stat();
    return (
      parseHeader(start.subarray(0, bytesRead), size) ??
      parseHeader(await readRegularFile(file), size)
    );
  });

/** Whether a file's content says that it is a DICOM file with images; false for files that cannot be read. */
export const isDicomFile = async (file: string): Promise<boolean> =>
  !/^dicomdir$/i.test(basename(file)) &&
  ((await withDicomFile(file, () => Promise.resolve(true))) ?? false);

/** Runs an action on a file if its first bytes are those of a DICOM file. */
async function withDicomFile<T>(
  file: string,
  action: (handle: FileHandle) => Promise<T>,
): Promise<T | undefined> {
  const handle = await openRegularFile(file).catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const start = Buffer.alloc(132);
    await handle.read(start, 0, start.length, 0);
    const detected = detectFormat(start);
    if (!('format' in detected) || detected.format !== 'DICOM') return undefined;
    return await action(handle);
  } catch {
    return undefined;
  } finally {
    await handle.close();
  }
}

/** Undefined if the bytes end within the header. */
function parseHeader(bytes: Uint8Array, fileSize: number): DicomHeader | undefined {
  try {
    const parsed = parseDicomFile(bytes, { ...nodePlatform, untilTag: PIXEL_DATA });
    const { dataSet } = parsed;
    const attributes = groupAttributes.flatMap((name) => {
      const value = dataSet.string(groupAttributeTags[name])?.trim();
      return value === undefined || value === '' ? [] : [[name, value] as const];
    });
    return {
      frames: listedFrames(parsed, fileSize),
      instance: dataSet.string('x00080018') ?? createHash('sha256').update(bytes).digest('hex'),
      attributes: Object.fromEntries(attributes),
      describing: readDescribing(dataSet),
      burnedIn: dataSet.string('x00280301')?.trim() === 'YES',
    };
  } catch {
    return undefined;
  }
}

/** One for a file that decoding refuses: nobody should list millions of frames that it declares and does not have. */
function listedFrames(file: DicomFile, fileSize: number): number {
  try {
    const attributes = readImageAttributes(file);
    const bytes = Math.max(fileSize, file.dataSet.byteArray.length); // more than the file, if it is deflated
    return lacksFrames(attributes, { ...file, bytes }) ? 1 : attributes.frames;
  } catch {
    return 1;
  }
}
