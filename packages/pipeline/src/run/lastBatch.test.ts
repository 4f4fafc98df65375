import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, type TrainingEvent } from '@nonlocal-med/core';
import { fileExists } from '@nonlocal-med/core/node';
import { useEngine } from '@nonlocal-med/engine';
import { createModel, modelNames } from '@nonlocal-med/models';
import { temporaryFolder } from '@nonlocal-med/testing';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { openRunData } from '../data/runData.js';
import { tinyConfig } from '../testing/tinyConfig.js';
import { settleLastBatch } from './lastBatch.js';
import { resumeRun } from './resumeRun.js';
import { startRun } from './startRun.js';

const root = await temporaryFolder('last-batch');
await useEngine(tinyConfig().engine);

const FEW = ['resnet18', 'resnet18-nonlocal', 'resnet18-ccnet', 'shufflenetv2', 'shufflenetv2-nla'];

/** What the model itself does with one image in training mode. */
function trainsOnOneImage(model: LayersModel, size: readonly [number, number]): boolean {
  return tf.tidy(() => {
    try {
      model.apply(tf.zeros([1, ...size, 3]), { training: true });
      return true;
    } catch (error) {
      expect((error as Error).message).toMatch(/more than one value per channel/);
      return false;
    }
  });
}

describe('every model, at the smallest sizes', () => {
  // At 32 pixels all backbones end in a map of 1 x 1, at 33 in one of 2 x 2.
  const sizes: [height: number, width: number][] = [
    [32, 32],
    [32, 33],
    [64, 64],
  ];
  // all models with NONLOCAL_MED_SLOW=1; by default each backbone with one kind of attention
  const names = process.env.NONLOCAL_MED_SLOW === '1' ? modelNames() : FEW;
  it.each(names)('%s is refused exactly where it cannot train on one image', (name) => {
    const answers = sizes.map((size) => {
      const model = createModel(name, { classes: 2, inputSize: size });
      const config = tinyConfig({ preprocessing: { size }, training: { batchSize: 1 } });
      let accepted = true;
      try {
        settleLastBatch(config, { model, trainingImages: 8 });
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        accepted = false;
      }
      expect(accepted, size.join(' x ')).toBe(trainsOnOneImage(model, size));
      model.dispose();
      return accepted;
    });
    expect(answers).toEqual([false, true, true]);
  });

  it('other places of 1 x 1 maps are found as well', () => {
    const options = { classes: 2, inputSize: 32, placement: ['layer4.1'] };
    const model = createModel('resnet18-nonlocal', options);
    expect(() =>
      settleLastBatch(tinyConfig({ preprocessing: { size: 32 }, training: { batchSize: 1 } }), {
        model,
        trainingImages: 8,
      }),
    ).toThrow(
      'training.batchSize: has 1 image per step, but batch normalization is not defined for one image of 32 x 32 pixels, of which one value per channel is left (layer layer4.0.bn1) (a batch size (--batch) of at least 2, or a larger image size (--size))',
    );
    model.dispose();
  });
});

describe('a run whose last batch has one image of 32 pixels', { timeout: 240_000 }, () => {
  const small = { preprocessing: { size: 32 } };
  let images: number;
  beforeAll(async () => {
    images = (await openRunData(tinyConfig())).split.train.length;
    expect(images).toBeGreaterThan(8);
  });

  it('trains without that image, says so, records it, and resumes', async () => {
    const folder = join(root, 'dropped');
    const notes: string[] = [];
    const events: TrainingEvent[] = [];
    const stop = new AbortController();
    const config = tinyConfig(small, { training: { batchSize: images - 1 } });
    const onEvent = (event: TrainingEvent): void => {
      events.push(event);
      if (event.type === 'epoch') stop.abort();
    };
    await startRun(config, {
      folder,
      signal: stop.signal,
      onNote: (note) => notes.push(note),
      onEvent,
    });
    expect((await resumeRun({ folder, onEvent })).reason).toBe('finished');
    expect(events.filter(({ type }) => type === 'step')).toHaveLength(2);
    const note = `One image is left out of each epoch, another one each time (training.dropLast): ${images} training images in batches of ${images - 1} leave a last batch of 1 image`;
    expect(notes).toContainEqual(expect.stringContaining(note));
    expect(parse(await readFile(join(folder, 'config.yaml'), 'utf8'))).toMatchObject({
      training: { dropLast: true, batchSize: images - 1 },
    });
    const environment = await readFile(join(folder, 'environment.json'), 'utf8');
    expect(environment).toContain(note);
    expect((JSON.parse(environment) as { decided: unknown }).decided).toContain(
      'training.dropLast',
    );
  });

  it('uses all images where the map is larger, and leaves out more if that is requested', async () => {
    const steps = async (name: string, dropLast: boolean | undefined): Promise<number> => {
      const training = { batchSize: images - 2, epochs: 1, dropLast };
      let found = 0;
      await startRun(tinyConfig(small, { training }), {
        folder: join(root, name),
        onEvent: ({ type }) => (found += Number(type === 'step')),
      });
      return found;
    };
    expect(await steps('kept', undefined)).toBe(2);
    expect(await steps('requested', true)).toBe(1);
    const folder = join(root, 'larger');
    let found = 0;
    await startRun(tinyConfig({ training: { batchSize: images - 1, epochs: 1 } }), {
      folder,
      onEvent: ({ type }) => (found += Number(type === 'step')),
    });
    expect(found).toBe(2);
    expect(parse(await readFile(join(folder, 'config.yaml'), 'utf8'))).not.toHaveProperty(
      'training.dropLast',
    );
  });

  it.each([
    [
      'images of which none may be left out',
      { dropLast: false },
      'training.dropLast: is false, but',
    ],
    ['one image per step', { batchSize: 1 }, 'training.batchSize: has 1 image per step'],
    ['fewer images than a batch', { batchSize: 4096, dropLast: true }, 'leaves out the only batch'],
  ])('is refused before its folder exists: %s', async (name, training, message) => {
    const folder = join(root, name);
    const config = tinyConfig(small, { training: { batchSize: images - 1 } }, { training });
    await expect(startRun(config, { folder })).rejects.toThrow(message);
    expect(await fileExists(folder)).toBe(false);
  });
});
