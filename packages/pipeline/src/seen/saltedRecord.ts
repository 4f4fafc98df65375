import { createHmac, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import type { ImageIdentity } from '@nonlocal-med/data';
import type { ImageRecord, SaltedRecord } from '@nonlocal-med/runs';
import type { SeenMatch } from './imageRecord.js';
import { hashFromSketch, nearSketch } from './nearSketch.js';

/** Slow hashes computed at a time. */
const CHUNK = 16;
/** Cost of the slow hash, about a millisecond: too much to try hashes by the million. */
const COST = 512;

/**
 * Turns the record of a run into one that an exported model can carry: it recognizes the run's images and near duplicates
 * of them, but contains neither their names nor their hashes (docs/seen-images.md gives the limits).
 * @param salt 32 bytes, hexadecimal; default: random
 */
export async function saltRecord(
  { images }: ImageRecord,
  salt = randomBytes(32).toString('hex'),
): Promise<SaltedRecord> {
  const learned: SaltedRecord['learned'][number][] = [];
  const used = images.flatMap(({ split, ...image }) =>
    split === 'test' ? [] : [{ split, image }],
  );
  for (let start = 0; start < used.length; start += CHUNK)
    learned.push(
      ...(await Promise.all(
        used.slice(start, start + CHUNK).map(async ({ split, image }) => ({
          split,
          content: saltContent(image.content, salt),
          sketch: Buffer.from(nearSketch(image.perceptual)).toString('hex'),
          perceptual: await saltPerceptual(image.perceptual, salt),
        })),
      )),
    );
  const test = images.filter(({ split }) => split === 'test');
  return {
    version: 1,
    salt,
    // The order of the data set would tell classes and neighbors.
    learned: learned.sort((a, b) => (a.content < b.content ? -1 : 1)),
    test: test.map(({ content }) => saltContent(content, salt)).sort(),
  };
}

/** A search for images of the data set in a salted record. It takes a few microseconds per recorded image. */
export function saltedSearch({
  salt,
  learned,
  test,
}: SaltedRecord): (image: ImageIdentity) => Promise<SeenMatch | null> {
  const splitOf = new Map(learned.map(({ content, split }) => [content, split]));
  const tested = new Set(test);
  const sketches = learned.map(({ sketch }) => Uint8Array.from(Buffer.from(sketch, 'hex')));
  return async ({ content, perceptual }) => {
    const salted = saltContent(content, salt);
    const split = splitOf.get(salted);
    if (split !== undefined) return { rule: 'same content', split, distance: 0 };
    if (tested.has(salted)) return null;
    const own = nearSketch(perceptual);
    let nearest: SeenMatch | null = null;
    for (const [index, sketch] of sketches.entries()) {
      const found = hashFromSketch(perceptual, { own, sketch });
      if (found === null || (nearest !== null && nearest.distance <= found.distance)) continue;
      if ((await saltPerceptual(found.hash, salt)) === learned[index].perceptual)
        nearest = {
          rule: 'near duplicate',
          split: learned[index].split,
          distance: found.distance,
        };
    }
    return nearest;
  };
}

const saltContent = (content: string, salt: string): string =>
  createHmac('sha256', Buffer.from(salt, 'hex')).update(content).digest('hex').slice(0, 32);

async function saltPerceptual(perceptual: string, salt: string): Promise<string> {
  const slow = promisify((text: string, done: (error: Error | null, key: Buffer) => void) =>
    scrypt(text, Buffer.from(salt, 'hex'), 16, { N: COST }, done),
  );
  return (await slow(withoutFirstBit(perceptual))).toString('hex');
}

/** Sketches leave out bit 0 of a hash. */
const withoutFirstBit = (hash: string): string =>
  (Number.parseInt(hash[0], 16) & 7).toString(16) + hash.slice(1);
