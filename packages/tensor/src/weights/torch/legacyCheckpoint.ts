import { InputError } from '@nonlocal-med/core';
import { BYTES_PER_ELEMENT } from '../storedTensor.js';
import { ByteReader } from './byteReader.js';
import { PickledStorage, PickledTensor } from './pickledValues.js';
import { unpickle } from './unpickle.js';
import type { RawCheckpoint } from './zipCheckpoint.js';

/** First pickle of the old format (torch.serialization.MAGIC_NUMBER). */
const MAGIC_NUMBER = 0x1950a86a20f9469cfc6cn;
const PROTOCOL_VERSION = 1001;

/**
 * Reads the format of torch.save before 1.6 (still written with `_use_new_zipfile_serialization=False`): pickles of a magic
 * number, a version, facts about the writer, the object and the storages' keys; then each storage's length and bytes.
 * @throws InputError if it is anything else
 */
export function legacyCheckpoint(bytes: Uint8Array, name: string): RawCheckpoint {
  const reader = new ByteReader(bytes, name);
  if (unpickle(reader) !== MAGIC_NUMBER)
    throw new InputError({ path: name, message: 'is a pickle, but not one written by torch.save' });
  const version = unpickle(reader);
  if (version !== PROTOCOL_VERSION)
    throw new InputError({
      path: name,
      message: `has version ${typeof version === 'number' ? version : 'unknown'} of torch's legacy format`,
      hint: `${PROTOCOL_VERSION}`,
    });
  const system = unpickle(reader);
  if (!(system instanceof Map) || system.get('little_endian') !== true)
    throw new InputError({
      path: name,
      message: 'was written on a big-endian machine',
      hint: 'little-endian files',
    });
  const object = unpickle(reader);
  const keys = unpickle(reader);
  if (!Array.isArray(keys))
    throw new InputError({ path: name, message: 'does not list its storages' });
  return {
    object,
    storages: readStorages(reader, { keys, elementBytes: storageElementBytes(object) }),
  };
}

function readStorages(
  reader: ByteReader,
  { keys, elementBytes }: { keys: readonly unknown[]; elementBytes: ReadonlyMap<string, number> },
): Map<string, Uint8Array> {
  const storages = new Map<string, Uint8Array>();
  for (const key of keys) {
    if (typeof key !== 'string' && typeof key !== 'number')
      throw reader.error('lists a storage whose key is not text');
    const size = elementBytes.get(String(key));
    // The type of a storage that only non-tensors use is unknown, and with it the position of everything behind it.
    if (size === undefined)
      throw reader.error(`contains a storage '${String(key)}' that no tensor uses`);
    storages.set(String(key), reader.take(reader.length64() * size));
  }
  return storages;
}

/** Bytes per element of all storages that tensors in the object use. Visits each value once, without recursion. */
function storageElementBytes(object: unknown): Map<string, number> {
  const widths = new Map<string, number>();
  const seen = new Set<unknown>();
  const waiting: unknown[] = [object];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (value === null || typeof value !== 'object' || seen.has(value)) continue;
    seen.add(value);
    if (value instanceof PickledTensor) waiting.push(value.storage);
    else if (value instanceof PickledStorage)
      widths.set(value.key, value.dtype === undefined ? 1 : BYTES_PER_ELEMENT[value.dtype]);
    else if (value instanceof Map) for (const [key, item] of value) waiting.push(key, item);
    else if (Array.isArray(value)) for (const item of value as unknown[]) waiting.push(item);
    else if ('items' in value && Array.isArray(value.items))
      for (const item of value.items as unknown[]) waiting.push(item);
  }
  return widths;
}
