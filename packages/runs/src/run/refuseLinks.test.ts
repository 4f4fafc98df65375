import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@nonlocal-med/testing';
import { describe, expect, it } from 'vitest';
import { readExperimentFolder } from '../experiment/readExperimentFolder.js';
import { createRunFolder } from './createRunFolder.js';
import { readRun } from './readRun.js';
import { refuseLinks } from './refuseLinks.js';
import { openRunFolder } from './runFolder.js';

const description = { config: { model: { name: 'resnet18' } }, environment: { node: 'v20' } };

describe('refuseLinks', () => {
  it('accepts a folder without links, and one that does not exist', async () => {
    const folder = await temporaryFolder('links');
    await createRunFolder(join(folder, 'run'), description);
    await refuseLinks(join(folder, 'run'));
    await refuseLinks(join(folder, 'missing'));
  });

  it.each(['report.html', 'events.jsonl', 'predictions/test-last.csv', 'explanations'])(
    'refuses a run whose %s is a link, before anything is read or written through it',
    async (name) => {
      const folder = await temporaryFolder('links');
      const run = join(folder, 'run');
      await createRunFolder(run, description);
      const target = join(folder, 'private');
      await writeFile(target, 'private');
      await mkdir(join(run, 'predictions'), { recursive: true });
      await symlink(target, join(run, name));
      for (const open of [openRunFolder, readRun]) {
        const error: unknown = await open(run).catch((reason: unknown) => reason);
        expect((error as Error).message).toContain(join(run, name));
        expect((error as Error).message).toContain(`is a symbolic link to ${target}`);
      }
      expect(await readFile(target, 'utf8')).toBe('private');
    },
  );

  it('refuses links in the folder of an experiment, and opens a run through a link to it', async () => {
    const folder = await temporaryFolder('links');
    await createRunFolder(join(folder, 'run'), description);
    await symlink(join(folder, 'run'), join(folder, 'latest'));
    expect((await openRunFolder(join(folder, 'latest'))).config).toEqual(description.config);
    await expect(readExperimentFolder(folder)).rejects.toThrow('is a symbolic link');
  });
});
