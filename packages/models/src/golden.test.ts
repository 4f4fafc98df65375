import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { goldenModels } from './testing/goldenModels.js';
import { goldenRun } from './testing/goldenRun.js';

const golden = goldenModels();
eachBackend((backend) => {
  for (const [name, row] of Object.entries(golden.models)) {
    it(name, () => {
      const t = Date.now(); const before = tf.memory().numTensors;
      const run = goldenRun(name, golden, { dropout: name === 'resnet18-ccnet' ? 0 : undefined });
      const maxDiff = (a: number[], b: number[]) => Math.max(...a.map((v, i) => Math.abs(v - b[i])));
      const top = Math.max(...Object.values(row.gradient_norms));
      let worst = ['', 0, 0] as [string, number, number]; let abs = 0;
      for (const [k, n] of Object.entries(row.gradient_norms)) {
        const g = run.gradientNorms.get(k)!; 
        if (n > 1e-5 * top) { const r = Math.abs(g - n) / n; if (r > worst[1]) worst = [k, r, n]; } else abs = Math.max(abs, Math.abs(g - n) / top);
      }
      const running = Object.entries(row.running_sums).map(([k, v]) => [k, Math.abs(run.runningSums.get(k)! - v) / (1 + Math.abs(v))] as const).sort((a, b) => b[1] - a[1])[0];
      const s = row.float32_spread;
      console.log(`${backend} ${name} logits ${maxDiff(run.logits, row.logits.flat()).toExponential(1)} (${s.logits.toExponential(1)}) losses ${run.losses.map((l, i) => Math.abs(l - row.losses[i]).toExponential(1) + '(' + s.losses[i].toExponential(1) + ')').join(' ')} grads ${worst[0]} ${worst[1].toExponential(1)} n=${worst[2].toExponential(1)} zero ${abs.toExponential(1)} after ${maxDiff(run.logitsAfter, row.logits_after.flat()).toExponential(1)} (${s.logits_after.toExponential(1)}) running ${running[0]} ${running[1].toExponential(1)} leak ${tf.memory().numTensors - before} ${Date.now() - t} ms`);
      expect(1).toBe(1);
    }, 600000);
  }
});
