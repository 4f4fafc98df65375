import { chmod, mkdir, mkdtemp, open, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeFileError } from './fileErrors.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'file-errors-'));
});

const reasonOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => new Error('it succeeded'),
    (error: unknown) => error,
  );
const HINT = '(choose another place, or change its permissions)';

describe('describeFileError', () => {
  it('names the file, not its temporary form', () => {
    const error = Object.assign(new Error(), {
      code: 'EACCES',
      syscall: 'open',
      path: '/shared/page.html.208698836488236.partial',
    });
    expect(describeFileError(error)).toBe(
      `/shared/page.html: cannot be written: permission denied ${HINT}`,
    );
  });

  it('says what is in the way', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await mkdir(join(folder, 'taken'));
    expect(describeFileError(await reasonOf(mkdir(join(file, 'runs'), { recursive: true })))).toBe(
      `${join(file, 'runs')}: cannot be created: a part of its path is a file ${HINT}`,
    );
    expect(describeFileError(await reasonOf(rename(file, join(folder, 'taken'))))).toBe(
      `${join(folder, 'taken')}: cannot be written: a folder of that name is in the way ${HINT}`,
    );
  });

  it.skipIf(process.getuid?.() === 0)('says that a permission is missing', async () => {
    await mkdir(join(folder, 'closed'));
    await chmod(join(folder, 'closed'), 0o500);
    const runs = join(folder, 'closed/runs');
    expect(describeFileError(await reasonOf(mkdir(runs)))).toBe(
      `${runs}: cannot be created: permission denied ${HINT}`,
    );
  });

  it('leaves other errors to the caller', async () => {
    expect(describeFileError(await reasonOf(open(join(folder, 'missing'))))).toBeUndefined();
    expect(describeFileError(new Error('broken'))).toBeUndefined();
    expect(describeFileError('EACCES')).toBeUndefined();
  });
});
