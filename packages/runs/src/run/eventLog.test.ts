import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEventLog } from './eventLog.js';
import { readEvents } from './events.js';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'events-'));
  file = join(folder, 'events.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

describe('openEventLog', () => {
  it('appends one line per event, readable at once', async () => {
    const log = await openEventLog(file);
    await log.append({ type: 'warning', message: 'with\na line break' });
    expect(await readEvents(file)).toMatchObject([
      { type: 'warning', message: 'with\na line break' },
    ]);
    await log.append({ type: 'warning', message: 'second' });
    expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(3);
    await log.close();
  });

  it('drops an incomplete last line, left by a killed process', async () => {
    await appendFile(file, '{"type":"warning","message":"whole","time":1}\n{"type":"warn');
    expect(await readEvents(file)).toHaveLength(1);
    const log = await openEventLog(file);
    await log.append({ type: 'warning', message: 'next' });
    await log.close();
    expect((await readEvents(file)).map((event) => (event as { message: string }).message)).toEqual(
      ['whole', 'next'],
    );
  });

  it('reports its size while others write, and truncates', async () => {
    const log = await openEventLog(file);
    await log.append({ type: 'warning', message: 'a' });
    const size = await log.size();
    await appendFile(file, '{"type":"warning","message":"b","time":1}\n');
    expect(await log.size()).toBe(size + 42);
    await log.truncate(size);
    await log.append({ type: 'warning', message: 'c' });
    await expect(log.truncate(10_000)).rejects.toThrow(RangeError);
    await log.close();
    expect((await readEvents(file)).map((event) => (event as { message: string }).message)).toEqual(
      ['a', 'c'],
    );
  });

  it('reports every line that is not an event', async () => {
    await appendFile(file, '{"type":"warning","message":"a","time":1}\nnonsense\n{}\n');
    await expect(readEvents(file)).rejects.toThrow(
      /2 problems:[^]*jsonl:2: got "nonsense"[^]*jsonl:3/,
    );
  });
});
