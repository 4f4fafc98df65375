// A member of a training on several processes: executes scenarios one after the other and prints a line of JSON for each.
// Arguments: addresses of all members (or one, to train alone), index of this one, scenarios. Environment: FOLDER for runs.
import { existsSync } from 'node:fs';
const { joinedCluster, useEngine } = await import('@nonlocal-med/engine');
const { fit } = await import('../../dist/index.js');
const { namedWeights, snapshotWeights } = await import('../../dist/weights.js');
const { makeModel, makeSource } = await import('./workshop.mjs');
const tf = await import('@tensorflow/tfjs-core');

const [addresses, index, ...scenarios] = process.argv.slice(2);
const members = addresses.split(',');
const member = Number(index);
await useEngine({
  backend: 'native',
  threads: 1,
  ...(members.length > 1 ? { cluster: { members, member, patience: 2 } } : {}),
});
const cluster = joinedCluster();
await cluster?.ready({ seconds: 120 });
const folder = process.env.FOLDER ?? '';

/** Calls `act` before a batch of the first epoch. */
function before(batch, act, source) {
  return {
    ...source,
    async *epoch(number, options) {
      let next = options?.firstBatch ?? 0;
      for await (const each of source.epoch(number, options)) {
        if (number === 0 && next++ === batch) act();
        yield each;
      }
    },
  };
}

/** Trains and describes what came of it. */
async function train({ plain = false, run, ...options }) {
  const model = await makeModel({ plain });
  const changed = options.train?.(model);
  const tensors = tf.memory().numTensors;
  const losses = [];
  const epochs = [];
  const warnings = [];
  let end = {};
  try {
    const events = fit({
      validation: makeSource(9, 2),
      epochs: 2,
      learningRate: 0.02,
      classWeights: [1, 2, 1],
      seed: 5,
      ...(run !== undefined && member === 0
        ? { run: `${folder}/${run}`, resume: existsSync(`${folder}/${run}/config.yaml`) }
        : {}),
      graph: true,
      ...options,
      model,
      train: changed ?? makeSource(18, 1),
      cluster,
    });
    for await (const event of events) {
      if (event.type === 'step') losses.push(event.loss);
      if (event.type === 'epoch') epochs.push([event.trainLoss, event.validation, event.best]);
      if (event.type === 'warning') warnings.push(event.message);
      if (event.type === 'end') end = { reason: event.reason, step: event.step };
    }
  } catch (error) {
    end = { error: error.name, message: error.message };
  }
  const leaked = tf.memory().numTensors - tensors;
  const values = [...(await snapshotWeights(model)).values()].flatMap(({ data }) => [...data]);
  const bits = Buffer.from(Float32Array.from(values).buffer).toString('base64');
  return { ...end, losses, epochs, warnings, leaked, bits, values };
}

const known = {
  /** Without normalization and random layers: what one process computes with the whole batches. */
  plain: () => train({ plain: true }),
  /** Steps of two batches, the head alone at first, another learning rate for the first layer, averaged weights. */
  recipe: () =>
    train({
      plain: true,
      stages: [['hidden']],
      accumulateBatches: 2,
      headEpochs: 1,
      layerDecay: 0.5,
      ema: { decay: 0.8 },
    }),
  /** Normalization, dropout, a run folder; early stopping restores the best epoch. */
  full: () => train({ run: 'full', earlyStopping: { patience: 3 }, selection: 'loss', epochs: 3 }),
  options: () => train({ learningRate: member === 1 ? 0.03 : 0.02 }),
  model: () => train({ plain: member === 1 }),
  /** One member is asked to stop before the third batch. */
  stop() {
    const controller = new AbortController();
    const stop = () => member === 1 && controller.abort();
    return train({
      run: 'stop',
      train: () => before(2, stop, makeSource(18, 1)),
      signal: controller.signal,
    });
  },
  diverge: () =>
    train({ learningRate: 10, schedule: 'constant', train: () => infinite(makeSource(18, 1)) }),
  /** One member's weights change before the second batch. */
  corrupt() {
    const change = (model) => () => {
      const [{ variable }] = namedWeights(model);
      if (member === 1) tf.tidy(() => variable.assign(tf.add(variable, 1e-6)));
    };
    return train({ train: (model) => before(1, change(model), makeSource(18, 1)) });
  },
  /** One member dies before the fourth batch. */
  die() {
    const die = () => member === 1 && process.kill(process.pid, 'SIGKILL');
    return train({ run: 'die', train: () => before(3, die, makeSource(18, 1)) });
  },
  resume: () => train({ run: process.env.RESUMED ?? 'die' }),
};

/** The second batch has an image that makes the loss infinite, in the rows of the last member. */
function infinite(source) {
  return {
    ...source,
    async *epoch(number, options) {
      let next = 0;
      for await (const each of source.epoch(number, options)) {
        if (next++ === 1) each.images.fill(NaN, each.images.length - 3);
        yield each;
      }
    },
  };
}

for (const name of scenarios)
  process.stdout.write(`${JSON.stringify({ name, ...(await known[name]()) })}\n`);
process.exit(0);
