import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoggedEvent } from '../run/events.js';
import { crc32c } from './eventFile.js';
import { openScalarLog } from './scalarLog.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scalars-'));
});
afterEach(() => rm(folder, { recursive: true }));

const stepEvent = (step: number): LoggedEvent => ({
  type: 'step',
  epoch: 1,
  step,
  batch: step,
  loss: 1 / step,
  learningRate: 2e-4,
  milliseconds: 5,
  waitMilliseconds: 1,
  time: 1_700_000_000_000 + step,
});
const epochEvent: LoggedEvent = {
  type: 'epoch',
  epoch: 1,
  trainLoss: 0.5,
  validation: { auc: 0.75, sensitivity: null },
  best: true,
  seconds: 2,
  residentBytes: 1000,
  tensors: 9,
  time: 1_700_000_001_000,
};

async function onlyFile(): Promise<Buffer> {
  const names = await readdir(folder);
  expect(names).toHaveLength(1);
  expect(names[0]).toMatch(/^events\.out\.tfevents\.\d+\./);
  return readFile(join(folder, names[0]));
}

/** Frames of a TFRecord file, checksums verified. */
function records(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at));
    for (const [start, end] of [
      [at, at + 8],
      [at + 12, at + 12 + length],
    ]) {
      const crc = crc32c(bytes.subarray(start, end));
      expect(bytes.readUInt32LE(end)).toBe((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
    }
    found.push(bytes.subarray(at + 12, at + 12 + length));
    at += length + 16;
  }
  return found;
}

describe('openScalarLog', () => {
  it('writes the version and one record per scalar, skipping undefined metrics', async () => {
    const log = await openScalarLog(folder, []);
    await log.append(stepEvent(1));
    await log.append(epochEvent);
    await log.append({ type: 'warning', message: 'no scalar', time: 3 });
    await log.close();
    const found = records(await onlyFile());
    expect(found[0].includes('brain.Event:2')).toBe(true);
    const tags = [
      'train/loss',
      'train/learning_rate',
      'time/step_milliseconds',
      'time/wait_milliseconds',
      'epoch/train_loss',
      'validation/auc',
      'time/epoch_seconds',
      'memory/resident_bytes',
      'memory/tensors',
    ];
    expect(found).toHaveLength(1 + tags.length);
    tags.forEach((tag, i) => expect(found[i + 1].includes(tag), tag).toBe(true));
  });

  it('encodes an event as a protocol buffer', async () => {
    const log = await openScalarLog(folder, []);
    await log.append({ ...stepEvent(300), time: 1500 });
    await log.close();
    // 09 double 1.5 | 10 varint 300 | 2a length { 0a length { 0a length "train/loss" 15 float } }
    const loss = Buffer.alloc(4);
    loss.writeFloatLE(1 / 300);
    expect(records(await onlyFile())[1].toString('hex')).toBe(
      `09000000000000f83f10ac022a130a110a0a${Buffer.from('train/loss').toString('hex')}15${loss.toString('hex')}`,
    );
  });

  it('rewrites the file from the log when a run is resumed', async () => {
    await writeFile(join(folder, 'events.out.tfevents.1.host.2'), 'what a killed process left');
    const log = await openScalarLog(folder, [stepEvent(1), epochEvent]);
    await log.append(stepEvent(2));
    await log.close();
    expect(records(await onlyFile())).toHaveLength(1 + 4 + 5 + 4);
  });
});
