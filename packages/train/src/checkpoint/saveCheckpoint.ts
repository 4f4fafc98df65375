import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { commandLine, UnavailableError } from '@nonlocal-med/core';
import { isDiskFull, syncFolder } from '@nonlocal-med/core/node';
import { type LazyTensor, streamSafetensors } from '@nonlocal-med/tensor';
import type { LiveWeights, WeightValues } from '../weights.js';
import type { LiveCheckpoint } from './checkpoint.js';
import {
  checkpointFiles,
  checkpointFolder,
  type CheckpointState,
  type FileSummary,
  listCheckpoints,
  type Manifest,
  momentPrefixes,
} from './checkpointFormat.js';

/** Prefix of a folder that is being written; one left by a killed process is removed by the next save. */
const UNFINISHED = '.writing-';

/** Options of {@link saveCheckpoint}. */
interface SaveOptions {
  /** Number of checkpoints that stay in the folder, the new one included. */
  readonly keep?: number;
  /** The series from which the run resumes, if not this one: decides what a full disk means for the run. */
  readonly resumesFrom?: string;
}

/**
 * Writes a checkpoint atomically: into a temporary folder, every file and the folder synced, then one rename. A folder
 * holds a series of checkpoints; the newest `keep` stay, so that an older one can be used if the newest is damaged. Only
 * one process at a time may write to a folder (a run's lock ensures that).
 * @param folder such as `runs/first/checkpoints/last`; created if missing
 * @returns the path of the new checkpoint
 * @throws UnavailableError when the disk is full; earlier checkpoints are unchanged.
 *
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { loadCheckpoint, saveCheckpoint } from '@nonlocal-med/train';
 *
 * const folder = await mkdtemp(join(tmpdir(), 'checkpoints-'));
 * await saveCheckpoint(folder, {
 *   weights: new Map([['head/kernel', { shape: [2], data: Float32Array.of(0.5, -1) }]]),
 *   progress: { step: 7, epoch: 1, batch: 0, lossSum: 0, weightSum: 0, history: [], seconds: 2 },
 * });
 * const loaded = await loadCheckpoint(folder);
 * console.log(loaded?.checkpoint.progress.step); // 7
 * console.log(loaded?.checkpoint.weights.get('head/kernel')?.data.join(', ')); // 0.5, -1
 * ```
 */
export async function saveCheckpoint(
  folder: string,
  checkpoint: LiveCheckpoint,
  { keep = 2, resumesFrom = folder }: SaveOptions = {},
): Promise<string> {
  try {
    return await writeCheckpoint(folder, checkpoint, keep);
  } catch (error) {
    throw await explainFullDisk(error, { file: `a checkpoint in ${folder}`, resumesFrom });
  }
}

/**
 * What a full disk means for a run: from where it can be resumed.
 * @returns an UnavailableError, or the error itself if it is another one
 */
export async function explainFullDisk(
  error: unknown,
  { file, resumesFrom }: { readonly file: string; readonly resumesFrom: string },
): Promise<unknown> {
  if (!isDiskFull(error)) return error;
  const [newest] = await listCheckpoints(resumesFrom);
  const remedy =
    newest === undefined
      ? 'No checkpoint of this run has been written yet: training starts again at epoch 1.'
      : `The checkpoint ${newest.path} is unchanged.`;
  const run = resolve(resumesFrom, '../..');
  return new UnavailableError(
    `No space left on the disk for ${file}. ${remedy} Free some space, then run:\n${commandLine('trainer', 'resume', run)}`,
    { cause: error },
  );
}

async function writeCheckpoint(
  folder: string,
  checkpoint: LiveCheckpoint,
  keep: number,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  await removeUnfinished(folder);
  const before = await listCheckpoints(folder);
  const number = (before[0]?.number ?? 0) + 1;
  const temporary = join(folder, `${UNFINISHED}${process.pid}-${number}`);
  const path = checkpointFolder(folder, number, checkpoint.progress.step);
  try {
    await mkdir(temporary);
    await writeFiles(temporary, checkpoint);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
  await syncFolder(folder);
  for (const { path: old } of before.slice(keep - 1))
    await rm(old, { recursive: true, force: true });
  return path;
}

async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder))
    if (name.startsWith(UNFINISHED)) await rm(join(folder, name), { recursive: true, force: true });
}

async function writeFiles(
  folder: string,
  { weights, trained, optimizer, ...rest }: LiveCheckpoint,
): Promise<void> {
  const files: Record<string, FileSummary> = {};
  const write = async (name: string, chunks: Chunks): Promise<void> => {
    files[name] = await writeSynced(join(folder, name), chunks);
  };
  await write(checkpointFiles.weights, streamSafetensors(lazyTensors(weights)));
  if (trained !== undefined)
    await write(checkpointFiles.trained, streamSafetensors(lazyTensors(trained)));
  if (optimizer !== undefined)
    await write(
      checkpointFiles.optimizer,
      streamSafetensors(
        new Map([
          ...lazyTensors(optimizer.first, momentPrefixes.first),
          ...lazyTensors(optimizer.second, momentPrefixes.second),
        ]),
      ),
    );
  const state: CheckpointState = { ...rest, optimizerStep: optimizer?.step };
  await write(checkpointFiles.state, [toJson(state)]);
  const manifest: Manifest = { format: 1, files };
  await writeSynced(join(folder, checkpointFiles.manifest), [toJson(manifest)]);
  await syncFolder(folder);
}

function lazyTensors(weights: WeightValues | LiveWeights, prefix = ''): Map<string, LazyTensor> {
  return new Map(
    [...weights].map(([name, { shape, data }]) => [prefix + name, { dtype: 'F32', shape, data }]),
  );
}

function toJson(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value, null, 1));
}

/** Pieces of a file in their order. */
type Chunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** Writes a new file piece by piece and makes it durable (fsync). */
async function writeSynced(file: string, chunks: Chunks): Promise<FileSummary> {
  const hash = createHash('sha256');
  let bytes = 0;
  const handle = await open(file, 'wx');
  try {
    for await (const chunk of chunks) {
      hash.update(chunk);
      bytes += chunk.length;
      await handle.writeFile(chunk);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}
