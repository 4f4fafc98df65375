import { availableMebibytes } from './availableMebibytes.mjs';
import { loadAverage } from './loadAverage.mjs';
import { median } from './median.mjs';
import { startSide } from './startSide.mjs';

/**
 * Measures the sides of a case, one warm-up round each and then rounds in turn, the first of them another one each time.
 * A side whose `mebibytes` are not there is left out.
 * @param case `name` and `sides` (the first is ours), floating-point operations of a round in `gigaflop`, `facts` for the
 * kept line, and `tell`, which says in lines of text what the sides' results have beside times
 * @returns the case with medians of wall and processor time (ms), peak resident memory (MiB) and all rounds of each side;
 * `ratio` of a side is ours divided by it
 */
export async function measureCase({ name, sides, gigaflop, facts = {}, tell = () => [] }, options) {
  const wanted = sides.filter(
    ({ script }) => options.python !== undefined || !script.endsWith('.py'),
  );
  const room = availableMebibytes();
  const leftOut = wanted
    .filter(({ mebibytes = 0 }) => mebibytes > 0.8 * room)
    .map(({ side, mebibytes }) => ({ side, needsMebibytes: mebibytes, availableMebibytes: room }));
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
    const results = started.map(({ side, facts: own }, index) =>
      summary({ side, facts: own, rounds: rounds[index] }),
    );
    return {
      name,
      ...facts,
      gigaflop,
      peak,
      shareOfPeak: peak && gigaflop / (results[0].wall / 1e3) / peak,
      load,
      leftOut,
      told: tell(...results),
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
    rounds: rounds.map(({ wall, cpu }) => ({ wall: round3(wall), cpu: round3(cpu) })),
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

const round3 = (value) => Number(value.toPrecision(4));
