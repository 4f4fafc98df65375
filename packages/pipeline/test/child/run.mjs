// Starts a run from a configuration (JSON), or resumes one, in a separate process that can kill itself at an event.
// node run.mjs start|resume FOLDER [CONFIG], env KILL_AT: an event's type and number, such as "step 3" or "end 1".
import { resumeRun, startRun } from '@nonlocal-med/pipeline';

const [what, folder, config] = process.argv.slice(2);
const seen = {};
const onEvent = ({ type }) => {
  seen[type] = (seen[type] ?? 0) + 1;
  if (process.env.KILL_AT === `${type} ${seen[type]}`) process.kill(process.pid, 'SIGKILL');
};
const outcome =
  what === 'resume'
    ? await resumeRun({ folder, onEvent })
    : await startRun(JSON.parse(config), { folder, onEvent });
console.log(outcome.reason);
