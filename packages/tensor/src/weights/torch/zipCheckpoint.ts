import { InputError } from '@nonlocal-med/core';
import { ByteReader } from './byteReader.js';
import { unpickle } from './unpickle.js';
import { zipEntries } from './zipEntries.js';

/** A checkpoint's object and the bytes of its storages. */
export interface RawCheckpoint {
  readonly object: unknown;
  readonly storages: ReadonlyMap<string, Uint8Array>;
}

/**
 * Reads the zip format of torch.save (since 1.6): `<root>/data.pkl`, `<root>/data/<key>`, `<root>/byteorder`.
 * @throws InputError if it is anything else
 */
export function zipCheckpoint(bytes: Uint8Array, name: string): RawCheckpoint {
  const entries = zipEntries(bytes, name);
  const pickles = [...entries.keys()].filter(
    (path) => path === 'data.pkl' || path.endsWith('/data.pkl'),
  );
  if (pickles.length !== 1)
    throw new InputError({
      path: name,
      message: `is a zip archive with ${pickles.length} files named data.pkl`,
      hint: 'exactly one, as torch.save writes it',
    });
  const root = pickles[0].slice(0, -'data.pkl'.length);
  const order = entries.get(`${root}byteorder`);
  if (order !== undefined && new TextDecoder().decode(order.subarray(0, 8)).trim() !== 'little') {
    throw new InputError({
      path: name,
      message: 'was written on a big-endian machine',
      hint: 'little-endian files',
    });
  }
  const data = `${root}data/`;
  const storages = new Map(
    [...entries]
      .filter(([path]) => path.startsWith(data))
      .map(([path, content]) => [path.slice(data.length), content]),
  );
  return {
    object: unpickle(new ByteReader(entries.get(pickles[0]) as Uint8Array, `${name}: data.pkl`)),
    storages,
  };
}
