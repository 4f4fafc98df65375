import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoint } from './checkpoint.js';
import { checkpointFiles } from './checkpointFiles.js';
import { decodeWeights } from './decodeWeights.js';
import type { CheckpointState, Manifest } from './manifest.js';
import { sha256 } from './sha256.js';

/**
 * Reads one checkpoint.
 * @throws Error when a file is missing or is not what the manifest says.
 */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  const manifest = JSON.parse(
    await readFile(join(path, checkpointFiles.manifest), 'utf8'),
  ) as Manifest;
  if (manifest.format !== 1)
    throw new Error(
      `the manifest has format ${JSON.stringify(manifest.format)}; this version reads 1`,
    );
  const read = async (name: string): Promise<Uint8Array> => {
    const expected = manifest.files[name];
    if (expected === undefined) throw new Error(`the manifest does not list ${name}`);
    const bytes = await readFile(join(path, name));
    if (bytes.length !== expected.bytes)
      throw new Error(`${name} has ${bytes.length} bytes instead of ${expected.bytes}`);
    if (sha256(bytes) !== expected.sha256)
      throw new Error(`${name} is damaged: its SHA-256 is not the manifest's`);
    return bytes;
  };

  const { optimizerStep, ...state } = JSON.parse(
    Buffer.from(await read(checkpointFiles.state)).toString('utf8'),
  ) as CheckpointState;
  const { '': weights } = decodeWeights(await read(checkpointFiles.weights), ['']);
  if (optimizerStep === undefined) return { ...state, weights };
  const moments = decodeWeights(await read(checkpointFiles.optimizer), ['first.', 'second.']);
  return {
    ...state,
    weights,
    optimizer: { step: optimizerStep, first: moments['first.'], second: moments['second.'] },
  };
}
