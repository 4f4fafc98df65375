import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type Issue, throwIssues } from '@nonlocal-med/core';

/**
 * Refuses a folder of a run or an experiment that holds symbolic links. Such a folder may come from somebody else: a link in
 * it could have commands show, or write over, any file of the person who opens it. Training writes none.
 * @throws InputError with every link and where it leads.
 */
export async function refuseLinks(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const issues = await Promise.all(
    entries
      .filter((entry) => entry.isSymbolicLink())
      .map(async ({ parentPath, name }): Promise<Issue> => {
        const path = join(parentPath, name);
        const target = await readlink(path).catch(() => 'another place');
        return {
          path,
          message: `is a symbolic link to ${target}, and links in a run folder are not followed`,
          hint: 'replace it by what it leads to, or delete it',
        };
      }),
  );
  throwIssues(issues);
}
