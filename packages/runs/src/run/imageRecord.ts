import { join } from 'node:path';
import { type Issue, throwIssues } from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import { z } from 'zod';
import { readCheckedFile } from '../readCheckedFile.js';
import type { Immutable } from '../schemaParts.js';
import { runFiles } from './runFiles.js';

/** An even number of hexadecimal digits. */
const hex = (bytes: number): z.ZodString =>
  z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`), `${2 * bytes} hexadecimal digits`);

const imageRecordSchema = z.looseObject({
  version: z.literal(1).describe('Version of this format.'),
  images: z
    .array(
      z.looseObject({
        id: z.string().describe('Path of the image relative to the data set.'),
        split: z.enum(['training', 'validation', 'test']).describe('What the run used it for.'),
        content: hex(32).describe('SHA-256 of the file.'),
        perceptual: hex(32).describe('Perceptual hash: 256 bits, few of which differ in a copy.'),
      }),
    )
    .describe('Every image the run has used.'),
});

/** `images.json` of a run: every image it has used, what for, and what the image is recognized by. */
export type ImageRecord = Immutable<z.output<typeof imageRecordSchema>>;

const saltedRecordSchema = z.looseObject({
  version: z.literal(1).describe('Version of this format.'),
  salt: hex(32).describe('Random, of this model only.'),
  learned: z
    .array(
      z.looseObject({
        split: z.enum(['training', 'validation']).describe('What the image was used for.'),
        content: hex(16).describe('Keyed hash of the SHA-256 of the file.'),
        sketch: hex(14).describe('Syndrome of the perceptual hash: tells which few bits differ.'),
        perceptual: hex(16).describe('Keyed slow hash of the perceptual hash.'),
      }),
    )
    .describe('Images of the training and validation set, in random order.'),
  test: z.array(hex(16)).describe('Keyed hashes of the files of the test set.'),
});

/** `seen-images.json` of an exported model: recognizes the images of its run without containing names or hashes of them. */
export type SaltedRecord = Immutable<z.output<typeof saltedRecordSchema>>;

/** Name of the {@link SaltedRecord} in the folder of an exported model. */
const SALTED_RECORD = 'seen-images.json';

/**
 * The images that a run has used; null for a run of a version that did not record them.
 * @throws InputError when the file is damaged.
 */
export function readImageRecord(runFolder: string): Promise<ImageRecord | null> {
  return readRecord(join(runFolder, runFiles.images), imageRecordSchema);
}

/** Writes `images.json` into the folder of a run, one line per image. */
export function writeImageRecord(
  runFolder: string,
  { version, images }: ImageRecord,
): Promise<void> {
  return writeAtomic(
    join(runFolder, runFiles.images),
    `{"version":${version},"images":[\n${linesOf(images)}\n]}\n`,
  );
}

/**
 * The images that an exported model has seen; null if its folder does not record them.
 * @throws InputError when the file is damaged.
 */
export function readSaltedRecord(modelFolder: string): Promise<SaltedRecord | null> {
  return readRecord(join(modelFolder, SALTED_RECORD), saltedRecordSchema);
}

/** Writes `seen-images.json` into the folder of an exported model, one line per image. */
export function writeSaltedRecord(
  modelFolder: string,
  { version, salt, learned, test }: SaltedRecord,
): Promise<void> {
  return writeAtomic(
    join(modelFolder, SALTED_RECORD),
    `{"version":${version},"salt":"${salt}","learned":[\n${linesOf(learned)}\n],"test":[\n${linesOf(test)}\n]}\n`,
  );
}

const linesOf = (values: readonly unknown[]): string =>
  values.map((value) => JSON.stringify(value)).join(',\n');

async function readRecord<T>(file: string, schema: z.ZodType<T>): Promise<T | null> {
  const issues: Issue[] = [];
  const record = await readCheckedFile(file, { parse: JSON.parse, schema }, issues);
  throwIssues(issues);
  return record;
}
