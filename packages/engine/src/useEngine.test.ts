import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnavailableError } from '@nonlocal-med/core';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { findInstallation } from './selectInstallation.js';
import { restoreEnvironment, setEnvironment } from './testing/setEnvironment.js';
import { useEngine } from './useEngine.js';

restoreEnvironment();
const emptyCache = (): void =>
  setEnvironment({ NONLOCAL_MED_CACHE: mkdtempSync(join(tmpdir(), 'empty-')) });

describe('without an installation', () => {
  it('falls back to wasm and reports why', async () => {
    emptyCache();
    expect(await useEngine()).toEqual({
      engine: 'wasm',
      reason:
        'native TensorFlow is not used: TensorFlow for the CPU is not installed; run "pnpm -w engine install"',
      backend: 'wasm',
      device: 'cpu',
      threads: 1,
      oneDnn: false,
      versions: { node: process.versions.node, tfjs: '4.22.0', wasm: '4.22.0' },
    });
    expect(tf.getBackend()).toBe('wasm');
  });

  it('rejects native and a GPU with the command that installs them', async () => {
    emptyCache();
    await expect(useEngine({ backend: 'native' })).rejects.toThrow(UnavailableError);
    await expect(useEngine({ backend: 'native' })).rejects.toThrow('run "pnpm -w engine install"');
    await expect(useEngine({ device: 'cuda' })).rejects.toThrow(UnavailableError);
  });
});

it('rejects invalid thread counts', async () => {
  await expect(useEngine({ threads: 0 })).rejects.toThrow('threads: got 0');
  await expect(useEngine({ threads: 1.5 })).rejects.toThrow(RangeError);
});

it('computes on wasm with SIMD', async () => {
  await useEngine({ backend: 'wasm' });
  expect(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')).toBe(true);
  expect([...tf.tidy(() => tf.matMul(tf.ones([2, 3]), tf.fill([3, 2], 2)).dataSync())]).toEqual([
    6, 6, 6, 6,
  ]);
});

describe.skipIf(
  typeof findInstallation('cpu') === 'string' && process.env.NONLOCAL_MED_REQUIRE_NATIVE !== '1',
)('with native TensorFlow (skipped if it is not installed)', () => {
  it('runs with the requested threads and without log messages', async () => {
    setEnvironment({
      TF_NUM_INTRAOP_THREADS: undefined,
      TF_ENABLE_ONEDNN_OPTS: undefined,
      TF_CPP_MIN_LOG_LEVEL: '3',
    });
    expect(await useEngine({ backend: 'native', device: 'cpu', threads: 1 })).toEqual({
      engine: 'native',
      reason: 'native TensorFlow is installed',
      backend: 'tensorflow',
      tensorflow: '2.21.0',
      device: 'cpu',
      threads: 1,
      oneDnn: false,
      versions: { node: process.versions.node, tfjs: '4.22.0', tensorflow: '2.21.0' },
    });
    expect(process.env).toMatchObject({
      TF_NUM_INTRAOP_THREADS: '1',
      TF_NUM_INTEROP_THREADS: '1',
      TF_CPU_ALLOCATOR_USE_BFC: '1',
      TF_ENABLE_ONEDNN_OPTS: '0',
      TF_CPP_MIN_LOG_LEVEL: '3',
    });
    setEnvironment({ TF_NUM_INTRAOP_THREADS: '1' });
    expect(await useEngine({ threads: 1 })).toMatchObject({ engine: 'native', threads: 1 });
    await expect(useEngine({ threads: 2 })).rejects.toThrow(
      'threads: got 2, but TensorFlow already runs with 1',
    );
    await expect(useEngine({ device: 'cuda' })).rejects.toThrow(
      'TensorFlow for cpu is already loaded',
    );
  });

  it('moves tensors along when the backend is switched', async () => {
    await useEngine({ backend: 'wasm' });
    const tensor = tf.tensor1d([1, 2, 3]);
    const doubled = tf.mul(tensor, 2);
    await useEngine({ backend: 'native' });
    expect([...tf.tidy(() => tf.add(doubled, 1).dataSync())]).toEqual([3, 5, 7]);
    tf.dispose([tensor, doubled]);
  });

  it('saves and loads models with file:// on both backends', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'model-'));
    for (const engine of ['native', 'wasm'] as const) {
      await useEngine({ backend: engine });
      const before = tf.memory().numTensors;
      const model = tfl.sequential({ layers: [tfl.layers.dense({ units: 2, inputShape: [3] })] });
      await model.save(`file://${folder}/${engine}`);
      const loaded = await tfl.loadLayersModel(`file://${folder}/${engine}/model.json`);
      const outputs = [model, loaded].map((each) => [
        ...tf.tidy(() => (each.predict(tf.ones([1, 3])) as tf.Tensor).dataSync()),
      ]);
      expect(outputs[0]).toEqual(outputs[1]);
      model.dispose();
      loaded.dispose();
      expect(tf.memory().numTensors).toBe(before);
    }
  });
});
