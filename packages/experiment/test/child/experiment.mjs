// Runs an experiment (definition and options as JSON) in a separate process that can kill itself at an event.
// node experiment.mjs FOLDER DEFINITION OPTIONS, env KILL_AT: "started 2", "step 3", counted over all runs.
import {
  openExperiment,
  planExperiment,
  prepareExperiment,
  runExperiment,
} from '@nonlocal-med/experiment';

const [folder, definition, options] = process.argv.slice(2);
const seen = {};
const count = (what) => {
  seen[what] = (seen[what] ?? 0) + 1;
  if (process.env.KILL_AT === `${what} ${seen[what]}`) process.kill(process.pid, 'SIGKILL');
};
const plan = planExperiment(JSON.parse(definition), JSON.parse(options));
const { manifest, dataset } = await prepareExperiment(plan);
await openExperiment(folder, plan, { manifest, dataset });
const made = [];
const { reason } = await runExperiment(plan, {
  folder,
  onRun(run, state) {
    if (state === 'finished') made.push(run.folder);
    count(state);
  },
  onEvent: (_, { type }) => count(type),
});
console.log(JSON.stringify({ reason, made }));
