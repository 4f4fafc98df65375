import { join } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { readRegularFile, sha256 } from '@nonlocal-med/core/node';
import { readSafetensors } from '@nonlocal-med/tensor';
import type { WeightValue, WeightValues } from '../weights.js';
import type { Checkpoint } from './checkpoint.js';
import {
  checkpointFiles,
  type CheckpointState,
  listCheckpoints,
  type Manifest,
  momentPrefixes,
} from './checkpointFormat.js';

/** A checkpoint that was found, and the newer ones that were skipped because they are damaged. */
export interface LoadedCheckpoint {
  readonly checkpoint: Checkpoint;
  /** The folder it was read from. */
  readonly path: string;
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * Reads the newest valid checkpoint of a folder such as `runs/first/checkpoints/last`: one whose files match the hashes in
 * its manifest. See {@link saveCheckpoint} for an example.
 * @returns null where there is no checkpoint, not even a damaged one
 * @throws Error when all checkpoints are damaged.
 */
export async function loadCheckpoint(folder: string): Promise<LoadedCheckpoint | null> {
  const skipped: { path: string; reason: string }[] = [];
  for (const { path } of await listCheckpoints(folder)) {
    try {
      return { checkpoint: await readCheckpoint(path), path, skipped };
    } catch (error) {
      skipped.push({ path, reason: (error as Error).message });
    }
  }
  if (skipped.length === 0) return null;
  throw new Error(
    `No valid checkpoint in ${folder}: ${skipped.map(({ path, reason }) => `${path}: ${reason}`).join('; ')}.`,
  );
}

async function readCheckpoint(path: string): Promise<Checkpoint> {
  const manifest = JSON.parse(
    await readRegularFile(join(path, checkpointFiles.manifest), 'utf8'),
  ) as Manifest;
  if (manifest.format !== 1)
    throw new Error(
      `the manifest has format ${JSON.stringify(manifest.format)}; this version reads format 1`,
    );
  const read = async (name: string): Promise<Uint8Array> => {
    const expected = manifest.files[name];
    if (expected === undefined) throw new Error(`the manifest does not list ${name}`);
    const bytes = await readRegularFile(join(path, name));
    if (bytes.length !== expected.bytes)
      throw new Error(`${name} has ${bytes.length} bytes instead of ${expected.bytes}`);
    if (sha256(bytes) !== expected.sha256)
      throw new Error(`${name} is damaged: its SHA-256 differs from the manifest's`);
    return bytes;
  };

  const { optimizerStep, ...state } = JSON.parse(
    Buffer.from(await read(checkpointFiles.state)).toString('utf8'),
  ) as CheckpointState;
  const { weights } = decodeWeights(await read(checkpointFiles.weights), { weights: '' });
  if (optimizerStep === undefined) return { ...state, weights };
  const { trained } =
    manifest.files[checkpointFiles.trained] === undefined
      ? {}
      : decodeWeights(await read(checkpointFiles.trained), { trained: '' });
  const moments = decodeWeights(await read(checkpointFiles.optimizer), momentPrefixes);
  return {
    ...state,
    weights,
    ...(trained === undefined ? {} : { trained }),
    optimizer: { step: optimizerStep, ...moments },
  };
}

/** The weights of a safetensors file in groups, each marked by a prefix of its names. */
function decodeWeights<G extends string>(
  bytes: Uint8Array,
  prefixes: Readonly<Record<G, string>>,
): Record<G, WeightValues> {
  const groups = Object.keys(prefixes) as G[];
  const found = Object.fromEntries(
    groups.map((group) => [group, new Map<string, WeightValue>()]),
  ) as Record<G, Map<string, WeightValue>>;
  for (const [name, { shape, data }] of readSafetensors(bytes, { name: 'checkpoint' })) {
    const group = groups.find((candidate) => name.startsWith(prefixes[candidate]));
    if (group === undefined || !(data instanceof Float32Array))
      throw new InputError({
        path: `checkpoint: ${name}`,
        message: 'is not a float32 weight of a checkpoint',
      });
    found[group].set(name.slice(prefixes[group].length), { shape, data });
  }
  return found;
}
