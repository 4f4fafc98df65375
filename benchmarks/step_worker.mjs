// One model in a process of its own: each line on stdin trains one step and prints its time and the peak memory so far.
// node benchmarks/step_worker.mjs NAME BATCH SIZE OPTIONS_JSON
import { createInterface } from 'node:readline';
import { useEngine } from '@nonlocal-med/engine';
import { createModel } from '@nonlocal-med/models';
import { createFusedAdam, softmaxCrossEntropy } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';

const [name, batch, size, options] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4]), JSON.parse(process.argv[5])];
const engine = await useEngine({ engine: process.env.BENCH_ENGINE ?? 'auto' });
const model = createModel(name, { classes: 4, inputSize: size, ...options });
const variables = model.trainableWeights.map((weight) => weight.read());
const images = tf.randomNormal([batch, size, size, 3], 0, 1, 'float32', 1);
const labels = tf.tensor1d(Array.from({ length: batch }, (_, i) => i % 4), 'int32');
const fused = createFusedAdam(variables);
const portable = fused === null ? tf.train.adam(2e-4, 0.9, 0.999, 1e-8) : undefined;

function step() {
  const { value, grads } = tf.variableGrads(() => softmaxCrossEntropy(model.apply(images, { training: true }), labels), variables);
  if (fused !== null) fused.apply(grads, 2e-4);
  else portable.applyGradients(Object.entries(grads).map(([key, tensor]) => ({ name: key, tensor })));
  const [loss] = value.dataSync();
  tf.dispose([value, grads]);
  return loss;
}

const report = (facts) => process.stdout.write(`${JSON.stringify(facts)}\n`);
report({ engine: engine.backend, threads: engine.threads });
for await (const _ of createInterface({ input: process.stdin })) {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const loss = step();
  const { user, system } = process.cpuUsage(cpu);
  report({ wall: performance.now() - start, cpu: (user + system) / 1e3, rss: process.resourceUsage().maxRSS / 1024, loss, tensors: tf.memory().numTensors });
}
