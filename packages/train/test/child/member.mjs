// A member of a training on several processes: executes scenarios one after the other and prints a line of JSON for each.
// Arguments: addresses of all members (or one, to train alone), index of this one, scenarios. Environment: FOLDER for runs.
import { existsSync } from 'node:fs';
const { joinedCluster, useEngine } = await import('@nonlocal-med/engine');
const { fit } = await import('../../dist/index.js');
const { namedWeights, snapshotWeights } = await import('../../dist/weights.js');
const { makeModel, makeNormalizedModel, makeSource } = await import('./workshop.mjs');
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
async function train({ plain = false, normalized = false, run, ...options }) {
  const model = await (normalized ? makeNormalizedModel() : makeModel({ plain }));
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
  sync: () => synchronized({ optimizer: 'sgd', epochs: 3 }),
  /** Each member normalizes its part. */
  unsync: () => synchronized({ optimizer: 'sgd', epochs: 3, synchronizedBatchNorm: false }),
  /** Steps of two batches, the head alone at first, a frozen normalization, clipped gradients, averaged weights. */
  syncRecipe: () =>
    synchronized({
      stages: [
        ['first', 'first.bn'],
        ['second', 'second.bn'],
      ],
      freezeStages: 1,
      accumulateBatches: 2,
      headEpochs: 1,
      epochs: 3,
      clipNorm: 0.5,
      ema: { decay: 0.8 },
    }),
  syncBfloat16: () => synchronized({ optimizer: 'sgd', precision: 'bfloat16' }),
  /** Findings, of which the images of the last member have no known one. */
  syncFindings: () =>
    synchronized({
      optimizer: 'sgd',
      classWeights: undefined,
      validation: undefined,
      selection: 'loss',
      train: () => findings(makeSource(16, 1, { batchSize: 5 })),
    }),
  /** TF.js's own batch normalization. */
  syncRefused: () => train({ synchronizedBatchNorm: true }),
  syncDie() {
    const die = () => member === 1 && process.kill(process.pid, 'SIGKILL');
    return synchronized({ run: 'syncDie', train: () => before(2, die, makeSource(18, 1)) });
  },
  resume: () => train({ run: process.env.RESUMED ?? 'die' }),
};

/**
 * What one process computes, with batch normalization: batches of five, which give unequal parts, with class weights; the last
 * batch of an epoch has a single image, so that other members have none.
 */
function synchronized(options = {}) {
  return train({
    normalized: true,
    synchronizedBatchNorm: true,
    train: () => makeSource(16, 1, { batchSize: 5 }),
    ...options,
  });
}

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

/** Three findings in place of the classes; those of the last three images of a batch are not known. */
function findings(source) {
  return {
    ...source,
    task: 'multilabel',
    async *epoch(number, options) {
      for await (const { labels, ...batch } of source.epoch(number, options)) {
        const known = (row) => batch.ids.length < 5 || row < 2;
        const finding = (row, index) => (known(row) ? Number(labels[row] >= index) : -1);
        const all = [...labels.keys()].flatMap((row) => [0, 1, 2].map((i) => finding(row, i)));
        yield { ...batch, labels: Int32Array.from(all) };
      }
    },
  };
}

for (const name of scenarios)
  process.stdout.write(`${JSON.stringify({ name, ...(await known[name]()) })}\n`);
process.exit(0);
