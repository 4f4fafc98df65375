import { createHash } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { UnavailableError } from '@nonlocal-med/core';
import yauzl from 'yauzl';
import type { InstalledFile } from '../installation.js';

/** A member to extract from a wheel. */
export interface WheelMember {
  /** Path in the wheel. */
  readonly member: string;
  /** Path to write to, relative to the folder. */
  readonly path: string;
  /** Expected size in bytes. */
  readonly size?: number;
  /** Expected hash. */
  readonly sha256?: string;
}

/**
 * Extracts members of a wheel (a zip file). Each is verified while it is written, and flushed to disk.
 * @throws UnavailableError if a member is missing, truncated or has another hash.
 */
export async function unpackWheel(
  wheel: string,
  folder: string,
  members: readonly WheelMember[],
): Promise<InstalledFile[]> {
  const wanted = new Map(members.map((member) => [member.member, member]));
  const files: InstalledFile[] = [];
  const zip = await openZip(wheel);
  try {
    for await (const entry of zip.entries()) {
      const member = wanted.get(entry.fileName);
      if (member === undefined) continue;
      wanted.delete(entry.fileName);
      files.push(
        checkFile(wheel, member, await writeMember(await zip.stream(entry), folder, member.path)),
      );
    }
  } catch (error) {
    if (
      error instanceof UnavailableError ||
      (error as NodeJS.ErrnoException).syscall !== undefined ||
      (error as NodeJS.ErrnoException).code === 'ENOSPC'
    )
      throw error;
    throw new UnavailableError(`${wheel} is damaged: ${(error as Error).message}`, {
      cause: error,
    });
  } finally {
    zip.close();
  }
  if (wanted.size > 0)
    throw new UnavailableError(`${wheel} lacks ${[...wanted.keys()].join(', ')}`);
  return files;
}

function checkFile(
  wheel: string,
  { member, size, sha256 }: WheelMember,
  file: InstalledFile,
): InstalledFile {
  if (size !== undefined && size !== file.size)
    throw new UnavailableError(`${member} of ${wheel} has ${file.size} bytes instead of ${size}`);
  if (sha256 !== undefined && sha256 !== file.sha256)
    throw new UnavailableError(
      `${member} of ${wheel} has SHA-256 ${file.sha256}, expected ${sha256}`,
    );
  return file;
}

/** Names of the files in a wheel. */
export async function listWheel(wheel: string): Promise<string[]> {
  const zip = await openZip(wheel);
  try {
    const names: string[] = [];
    for await (const { fileName } of zip.entries())
      if (!fileName.endsWith('/')) names.push(fileName);
    return names;
  } finally {
    zip.close();
  }
}

async function writeMember(source: Readable, folder: string, path: string): Promise<InstalledFile> {
  const target = join(folder, path);
  await mkdir(dirname(target), { recursive: true });
  const hash = createHash('sha256');
  let size = 0;
  const handle = await open(target, 'wx', 0o644);
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      hash.update(chunk);
      size += chunk.length;
      await handle.writeFile(chunk);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { path, size, sha256: hash.digest('hex') };
}

interface Zip {
  readonly entries: () => AsyncIterable<yauzl.Entry>;
  readonly stream: (entry: yauzl.Entry) => Promise<Readable>;
  readonly close: () => void;
}

async function openZip(file: string): Promise<Zip> {
  const zip = await new Promise<yauzl.ZipFile>((resolve, reject) => {
    yauzl.open(file, { lazyEntries: true, autoClose: false }, (error, opened) =>
      error
        ? reject(new UnavailableError(`${file} is not a complete wheel: ${error.message}`))
        : resolve(opened),
    );
  });
  const next = (): Promise<yauzl.Entry | undefined> =>
    new Promise((resolve, reject) => {
      const settle = (action: () => void): void => {
        zip
          .removeListener('entry', onEntry)
          .removeListener('end', onEnd)
          .removeListener('error', onError);
        action();
      };
      const onEntry = (entry: yauzl.Entry): void => settle(() => resolve(entry));
      const onEnd = (): void => settle(() => resolve(undefined));
      const onError = (error: Error): void =>
        settle(() =>
          reject(new UnavailableError(`${file} is damaged: ${error.message}`, { cause: error })),
        );
      zip.on('entry', onEntry).on('end', onEnd).on('error', onError);
      zip.readEntry();
    });
  return {
    async *entries() {
      for (let entry = await next(); entry !== undefined; entry = await next()) yield entry;
    },
    stream: (entry) =>
      new Promise((resolve, reject) => {
        zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)));
      }),
    close: () => zip.close(),
  };
}
