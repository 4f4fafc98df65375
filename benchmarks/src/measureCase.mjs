import { availableMebibytes } from './availableMebibytes.mjs';
import { loadAverage } from './loadAverage.mjs';
import { median } from './median.mjs';
import { startSide } from './startSide.mjs';

/**
 * Measures all sides of a case: one warm-up round each, then alternating rounds that start with a different side each time.
 * Leaves out sides that need more memory (`mebibytes`) than is available.
 * @param case `name`, `sides` (the first is ours), `gigaflop` per round, `facts` for the results file, and `remarksOn`,
 * which turns the results of the sides into lines of text
 * @returns the case with the median wall and processor time (ms), peak resident memory (MiB) and all rounds of each side;
 * `ratio` is our value divided by that of the side
 */
export async function measureCase(
  { name, sides, gigaflop, facts = {}, remarksOn = () => [] },
  options,
) {
  const wanted = sides.filter(
    ({ script }) => options.python !== undefined || !script.endsWith('.py'),
  );
  const available = availableMebibytes();
  const leftOut = wanted
    .filter(({ mebibytes = 0 }) => mebibytes > 0.8 * available)
    .map(({ side, mebibytes }) => ({
      side,
      needsMebibytes: mebibytes,
      availableMebibytes: available,
    }));
  const measured = wanted.filter(({ side }) => !leftOut.some((entry) => entry.side === side));
  const load = [loadAverage()];
  const started = [];
  try {
    for (const side of measured) started.push(await startSide(side, options));
    const rounds = await takeTurns(started, options.rounds);
    const peak =
      gigaflop === undefined || options.quick ? undefined : (await started[0].ask('peak')).peak;
    load.push(loadAverage());
    await Promise.all(started.map(({ end }) => end()));
    const results = started.map(({ side, facts: sideFacts }, index) =>
      summary({ side, facts: sideFacts, rounds: rounds[index] }),
    );
    return {
      name,
      ...facts,
      gigaflop,
      peak,
      shareOfPeak: peak && gigaflop / (results[0].wall / 1e3) / peak,
      load,
      leftOut,
      remarks: remarksOn(...results),
      sides: withRatios(results),
    };
  } catch (error) {
    for (const { kill } of started) kill();
    throw error;
  }
}

async function takeTurns(started, count) {
  const rounds = started.map(() => []);
  for (const { ask } of started) await ask('round');
  for (let round = 0; round < count; round++) {
    for (let turn = 0; turn < started.length; turn++) {
      const index = (turn + round) % started.length;
      rounds[index].push(await started[index].ask('round'));
    }
  }
  return rounds;
}

function summary({ side, facts, rounds }) {
  const of = (key) => rounds.map((round) => round[key]);
  const others = Object.keys(rounds[0]).filter((key) => !['wall', 'cpu', 'rss'].includes(key));
  return {
    side,
    ...facts,
    wall: median(of('wall')),
    fastest: Math.min(...of('wall')),
    cpu: median(of('cpu')),
    rss: Math.max(...of('rss')),
    ...Object.fromEntries(others.map((key) => [key, median(of(key))])),
    rounds: rounds.map(({ wall, cpu }) => ({
      wall: roundToFourDigits(wall),
      cpu: roundToFourDigits(cpu),
    })),
  };
}

function withRatios([ours, ...others]) {
  return [
    ours,
    ...others.map((other) => ({
      ...other,
      ratio: {
        wall: ours.wall / other.wall,
        cpu: ours.cpu / other.cpu,
        memory: ours.rss / other.rss,
      },
    })),
  ];
}

const roundToFourDigits = (value) => Number(value.toPrecision(4));
