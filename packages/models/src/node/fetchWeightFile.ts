import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UnavailableError } from '@nonlocal-med/core';
import { cacheRoot, withLock, writeAtomic } from '@nonlocal-med/core/node';
import type { ImagenetFile } from '../weights/imagenetFiles.js';

export interface FetchOptions {
  /** Where the file is kept, made if missing; `weights` in nonlocal-med's cache folder by default. */
  readonly folder?: string;
  /** Told what is being done, one line at a time. */
  readonly onProgress?: (line: string) => void;
  /** How a URL is fetched, in place of the global one. */
  readonly fetch?: typeof globalThis.fetch;
}

/** A weight file that is there and whole. */
export interface FetchedWeights {
  readonly path: string;
  readonly sha256: string;
}

/** No file of torchvision's is near this; more is not what was asked for. */
const MAX_BYTES = 200 * 2 ** 20;
const TIMEOUT_MILLISECONDS = 300_000;

/**
 * A published file: from the folder where it is already there and whole, else downloaded, compared with its hash, and kept.
 * @throws UnavailableError in one line when there is no network, the file is not what its hash says, or the folder cannot be
 * written
 */
export async function fetchWeightFile(
  file: ImagenetFile,
  {
    folder = join(cacheRoot(), 'weights'),
    onProgress = () => undefined,
    fetch = globalThis.fetch,
  }: FetchOptions = {},
): Promise<FetchedWeights> {
  const path = join(folder, file.url.slice(file.url.lastIndexOf('/') + 1));
  const kept = await keptFile(path, file);
  if (kept !== undefined) {
    onProgress(`ImageNet weights from ${path}`);
    return kept;
  }
  try {
    return await withLock(
      folder,
      async () =>
        (await keptFile(path, file)) ?? (await download({ file, path, onProgress, fetch })),
    );
  } catch (error) {
    if (error instanceof UnavailableError) throw error;
    throw new UnavailableError(
      `The ImageNet weights cannot be kept in ${folder} (${reason(error)}).`,
      { cause: error },
    );
  }
}

async function download({
  file,
  path,
  onProgress,
  fetch,
}: { file: ImagenetFile; path: string } & Required<
  Pick<FetchOptions, 'onProgress' | 'fetch'>
>): Promise<FetchedWeights> {
  onProgress(`downloading ImageNet weights from ${file.url}`);
  const bytes = await fetchBytes(file.url, fetch);
  const sha256 = hash(bytes);
  if (!sha256.startsWith(file.sha256Prefix))
    throw new UnavailableError(
      `${file.url} gave ${bytes.length} bytes with SHA-256 ${sha256}, not ${file.sha256Prefix}...; nothing was kept.`,
    );
  await writeAtomic(path, bytes);
  onProgress(`kept ${path} (${(bytes.length / 2 ** 20).toFixed(1)} MiB, SHA-256 ${sha256})`);
  return { path, sha256 };
}

async function fetchBytes(url: string, fetch: typeof globalThis.fetch): Promise<Uint8Array> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) });
    if (!response.ok)
      throw new Error(`the server answered ${response.status} ${response.statusText}`);
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      length += chunk.length;
      if (length > MAX_BYTES) throw new Error(`it is longer than ${MAX_BYTES} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    throw new UnavailableError(
      `The ImageNet weights cannot be fetched from ${url} (${reason(error)}); fetch the file elsewhere and give its path.`,
      { cause: error },
    );
  }
}

async function keptFile(
  path: string,
  { sha256Prefix }: ImagenetFile,
): Promise<FetchedWeights | undefined> {
  if (!existsSync(path)) return undefined;
  const sha256 = hash(await readFile(path));
  return sha256.startsWith(sha256Prefix) ? { path, sha256 } : undefined;
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** undici hides the reason of a failed fetch one level down. */
function reason(error: unknown): string {
  const cause = (error as { cause?: unknown }).cause ?? error;
  const { code, message } = cause as { code?: string; message?: string };
  return code ?? message ?? String(cause);
}
