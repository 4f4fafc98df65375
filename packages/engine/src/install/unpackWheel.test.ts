import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnavailableError } from '@nonlocal-med/core';
import { sha256 } from '@nonlocal-med/core/node';
import { expect, it } from 'vitest';
import { buildZip, writeInto } from '../testing/buildWheel.js';
import { listWheel, unpackWheel } from './unpackWheel.js';

const content = 'some library '.repeat(20_000);
const wheel = buildZip({ 'tensorflow/lib.so': content, 'tensorflow/other.py': 'x', 'folder/': '' });
const place = (bytes: Buffer = wheel): { file: string; target: string } => {
  const folder = mkdtempSync(join(tmpdir(), 'unpack-'));
  return { file: writeInto(folder, 'a.whl', bytes), target: join(folder, 'target') };
};
const member = {
  member: 'tensorflow/lib.so',
  path: 'deep/lib.so',
  size: content.length,
  sha256: sha256(content),
};

it('extracts the requested members and describes them', async () => {
  const { file, target } = place();
  expect(await unpackWheel(file, target, [member])).toEqual([
    { path: 'deep/lib.so', size: content.length, sha256: sha256(content) },
  ]);
  expect(readFileSync(join(target, 'deep/lib.so'), 'utf8')).toBe(content);
  expect(readdirSync(target)).toEqual(['deep']);
  expect(await listWheel(file)).toEqual(['tensorflow/lib.so', 'tensorflow/other.py']);
});

it.each([
  ['cut short', wheel.subarray(0, wheel.length - 30), 'is not a complete wheel'],
  ['empty', Buffer.alloc(0), 'is not a complete wheel'],
  ['damaged inside', Buffer.concat([Buffer.alloc(40), wheel.subarray(40)]), 'is damaged'],
])('rejects a wheel that is %s', async (_, bytes, message) => {
  const { file, target } = place(bytes);
  await expect(unpackWheel(file, target, [member])).rejects.toThrow(UnavailableError);
  await expect(unpackWheel(file, `${target}2`, [member])).rejects.toThrow(message);
});

it('rejects a member that is missing or differs from the pinned one', async () => {
  const { file, target } = place();
  await expect(
    unpackWheel(file, target, [{ member: 'tensorflow/none', path: 'none' }]),
  ).rejects.toThrow('lacks tensorflow/none');
  await expect(unpackWheel(file, target, [{ ...member, sha256: '00' }])).rejects.toThrow(
    `has SHA-256 ${member.sha256}, expected 00`,
  );
  await expect(unpackWheel(file, `${target}2`, [{ ...member, size: 7 }])).rejects.toThrow(
    'bytes instead of 7',
  );
});

it('rejects paths that lead out of the folder', async () => {
  const { file } = place(buildZip({ '../evil': 'x' }));
  await expect(listWheel(file)).rejects.toThrow('invalid relative path');
});
