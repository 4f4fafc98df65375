import { join } from 'node:path';
import { formatBytes, UnavailableError } from '@nonlocal-med/core';
import { cacheRoot, download, fileExists, hashFile, withLock } from '@nonlocal-med/core/node';
import { type ImagenetFile, imagenetFile } from '../weights/imagenetFile.js';

/** Options of {@link fetchImagenetWeights}. */
export interface FetchImagenetOptions {
  /** Width of ShuffleNetV2; default 1. */
  readonly width?: number;
  /** Where the file is kept, created if missing; default `weights` in nonlocal-med's cache folder. */
  readonly folder?: string;
  /** Called with one progress message at a time. */
  readonly onProgress?: (line: string) => void;
  /** Where the proxy and certificate settings are read from; default the environment of the process. */
  readonly env?: NodeJS.ProcessEnv;
}

/** A complete weight file. */
export interface FetchedWeights {
  readonly path: string;
  readonly sha256: string;
}

/** No file of torchvision comes near this size. */
const MAX_BYTES = 200 * 2 ** 20;

/**
 * torchvision's ImageNet weights for a model's backbone, downloaded once and kept. The file is compared with the hash that
 * torchvision publishes in its name.
 * @param name one of `modelNames()`
 * @throws InputError when the name is unknown; UnavailableError in one line when the file cannot be downloaded, does not
 * match its hash, or cannot be kept.
 */
export async function fetchImagenetWeights(
  name: string,
  { width, ...options }: FetchImagenetOptions = {},
): Promise<FetchedWeights> {
  return fetchWeightFile(imagenetFile(name, width), options);
}

/** A published file: from the folder if it is there and complete, else downloaded, compared with its hash, and kept. */
export async function fetchWeightFile(
  { url, sha256Prefix }: ImagenetFile,
  {
    folder = join(cacheRoot(), 'weights'),
    onProgress = () => undefined,
    env,
  }: Omit<FetchImagenetOptions, 'width'> = {},
): Promise<FetchedWeights> {
  const path = join(folder, url.slice(url.lastIndexOf('/') + 1));
  const kept = await keptFile(path, sha256Prefix);
  if (kept !== undefined) {
    onProgress(`ImageNet weights from ${path}`);
    return kept;
  }
  try {
    return await withLock(folder, async () => {
      const byOther = await keptFile(path, sha256Prefix); // another process may have downloaded it meanwhile
      if (byOther !== undefined) return byOther;
      onProgress(`downloading ImageNet weights from ${url}`);
      const options = { file: path, sha256: sha256Prefix, maxBytes: MAX_BYTES, env };
      const { size, sha256 } = await download(url, options);
      onProgress(`saved ${path} (${formatBytes(size)}, SHA-256 ${sha256})`);
      return { path, sha256 };
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UnavailableError(
      error instanceof UnavailableError
        ? `The ImageNet weights ${url} cannot be downloaded (${message}); download the file by other means and give its path.`
        : `The ImageNet weights cannot be kept in ${folder} (${code ?? message}).`,
      { cause: error },
    );
  }
}

async function keptFile(path: string, sha256Prefix: string): Promise<FetchedWeights | undefined> {
  if (!(await fileExists(path))) return undefined;
  const sha256 = await hashFile(path);
  return sha256.startsWith(sha256Prefix) ? { path, sha256 } : undefined;
}
