import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { isDiskFull, removeTemporaryFiles, replaceFolder, writeAtomic } from './atomicFiles.js';

describe('writeAtomic', () => {
  it('creates folders, replaces the file and leaves nothing else behind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'atomic-'));
    const file = join(folder, 'a/b/file.bin');
    await writeAtomic(file, 'text');
    expect(await readFile(file, 'utf8')).toBe('text');
    await writeAtomic(file, new Uint8Array([1, 2, 3]).subarray(1));
    expect([...(await readFile(file))]).toEqual([2, 3]);
    expect(await readdir(join(folder, 'a/b'))).toEqual(['file.bin']);
  });

  it('keeps the permissions of the file, and replaces a link instead of following it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'atomic-'));
    const [file, link] = [join(folder, 'file'), join(folder, 'link')];
    await writeFile(file, 'old');
    await chmod(file, 0o640);
    await symlink(file, link);
    await writeAtomic(link, 'new');
    expect(await readFile(file, 'utf8')).toBe('old');
    expect((await lstat(link)).isFile()).toBe(true);
    await writeAtomic(file, 'newer');
    expect((await lstat(file)).mode & 0o777).toBe(0o640);
  });

  it('keeps the old file when the system takes only a part of the new one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'atomic-'));
    const file = join(folder, 'file');
    await writeFile(file, 'old');
    // With a limit of 64 KiB per file, the first write of 100 KiB succeeds with 64 KiB, as on a disk that fills up.
    const program = `import { writeAtomic } from '@nonlocal-med/core/node';
      process.on('SIGXFSZ', () => undefined); // ends the process otherwise
      await writeAtomic(process.argv[1], 'x'.repeat(102400)).catch(({ code }) => console.log(code));`;
    const { stdout } = await promisify(execFile)(
      'sh',
      [
        '-c',
        'ulimit -f 128 && exec "$@"', // blocks of 512 bytes
        'sh',
        process.execPath,
        '--input-type=module',
        '--eval',
        program,
        file,
      ],
      { cwd: import.meta.dirname },
    );
    expect(stdout.trim()).toBe('EFBIG');
    expect(await readFile(file, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['file']);
  });

  it.skipIf(!existsSync('/dev/full'))('says so when the disk is full', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'atomic-'));
    const error: unknown = await writeFile('/dev/full', 'x').catch((reason: unknown) => reason);
    expect(isDiskFull(error)).toBe(true);
    expect(isDiskFull(Object.assign(new Error(), { code: 'EDQUOT' }))).toBe(true);
    const denied: unknown = await writeFile(folder, 'x').catch((reason: unknown) => reason);
    expect(isDiskFull(denied)).toBe(false);
  });
});

describe('removeTemporaryFiles', () => {
  it('removes what a killed process left behind, but not what another one is writing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'atomic-'));
    await mkdir(join(folder, 'model'));
    const [left, current, other] = [
      join(folder, 'model', 'weights.bin.123456789012.partial'),
      join(folder, 'metrics.json.42.partial'),
      join(folder, 'image.42'),
    ];
    for (const file of [left, current, other]) await writeFile(file, 'part');
    const longAgo = Date.now() / 1000 - 3600;
    for (const file of [left, other]) await utimes(file, longAgo, longAgo);
    await removeTemporaryFiles(folder);
    expect((await readdir(folder)).sort()).toEqual([
      'image.42',
      'metrics.json.42.partial',
      'model',
    ]);
    expect(await readdir(join(folder, 'model'))).toEqual([]);
  });

  it('recognizes the temporary files of writeAtomic', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'atomic-'));
    const program = `import { writeAtomic } from '@nonlocal-med/core/node';
      import { open } from 'node:fs/promises';
      const handle = await open(process.argv[1], 'w');
      Object.getPrototypeOf(handle).sync = () => process.kill(process.pid, 'SIGKILL');
      await writeAtomic(process.argv[1] + '.json', 'content');`;
    const killed = promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', program, join(folder, 'file')],
      { cwd: import.meta.dirname },
    );
    await expect(killed).rejects.toMatchObject({ signal: 'SIGKILL' });
    const [left] = (await readdir(folder)).filter((name) => name !== 'file');
    const longAgo = Date.now() / 1000 - 3600;
    await utimes(join(folder, left), longAgo, longAgo);
    await removeTemporaryFiles(folder);
    expect(await readdir(folder)).toEqual(['file']);
  });
});

describe('replaceFolder', () => {
  const folderWith = async (parent: string, name: string): Promise<string> => {
    await mkdir(join(parent, name));
    await writeFile(join(parent, name, 'content'), name);
    return join(parent, name);
  };

  it('replaces an existing folder and keeps it aside', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'replace-'));
    const [source, target] = [await folderWith(parent, 'new'), await folderWith(parent, 'old')];
    await replaceFolder(source, target, join(parent, 'aside'));
    expect((await readdir(parent)).sort()).toEqual(['aside', 'old']);
    expect(await readFile(join(target, 'content'), 'utf8')).toBe('new');
    expect(await readFile(join(parent, 'aside', 'content'), 'utf8')).toBe('old');
  });

  it('moves the folder when there is none to replace', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'replace-'));
    await replaceFolder(
      await folderWith(parent, 'new'),
      join(parent, 'target'),
      join(parent, 'aside'),
    );
    expect(await readdir(parent)).toEqual(['target']);
  });
});
