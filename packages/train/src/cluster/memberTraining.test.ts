import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEvents } from '@nonlocal-med/runs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { largestDifference, type MemberResult, trainMembers } from '../testing/trainMembers.js';

const native = process.env.NONLOCAL_MED_REQUIRE_NATIVE === '1';
const slow = process.env.NONLOCAL_MED_SLOW === '1';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'members-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Scenarios by so many members, with their runs in the folder of this file. */
const train = (
  count: number,
  scenarios: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Map<string, MemberResult>[]> =>
  trainMembers(count, scenarios, { FOLDER: folder, ...env });

describe.skipIf(!native)('two processes (NONLOCAL_MED_REQUIRE_NATIVE=1)', () => {
  let first: Map<string, MemberResult>;
  let second: Map<string, MemberResult>;
  beforeAll(async () => {
    // Scenarios that fail leave the cluster usable, because all members agree on the failure.
    const scenarios = ['options', 'model', 'plain', 'recipe', 'full', 'stop', 'diverge', 'corrupt'];
    [first, second] = await train(2, scenarios);
  }, 300_000);

  it.each(['plain', 'recipe', 'full', 'stop'])('%s: all members end with the same bits', (name) => {
    expect(first.get(name)).toMatchObject({ leaked: 0, bits: second.get(name)!.bits });
    expect(first.get(name)!.losses).toEqual(second.get(name)!.losses);
    // Only member 0 validates.
    expect(first.get(name)!.epochs).toEqual(second.get(name)!.epochs);
    expect(second.get(name)!.leaked).toBe(0);
  });

  it.each([
    ['plain', 10],
    ['recipe', 6],
  ])(
    '%s: computes what one process computes, with class weights and batches that do not divide',
    async (name, step) => {
      const [alone] = await train(1, [name]);
      const [whole, shared] = [alone.get(name)!, first.get(name)!];
      expect(shared).toMatchObject({ reason: 'finished', step });
      // float32 sums in another order; Adam divides small gradients by their size.
      expect(largestDifference(whole.losses, shared.losses)).toBeLessThan(1e-5);
      expect(largestDifference(whole.values, shared.values)).toBeLessThan(1e-4);
      expect(whole.values).not.toEqual(whole.values.map(() => 0));
    },
  );

  it('stops all members after the same step, when one is asked to', async () => {
    for (const member of [first, second])
      expect(member.get('stop')).toMatchObject({ reason: 'interrupted', step: 3 });
    const events = await readEvents(join(folder, 'stop/events.jsonl'));
    expect(events.at(-2)).toMatchObject({ type: 'checkpoint', kind: 'last', step: 3 });
  });

  it('refuses other options and another model on every member, with their values', () => {
    for (const member of [first, second]) {
      expect(member.get('options')).toMatchObject({ error: 'InputError', losses: [] });
      expect(member.get('options')!.message).toMatch(
        /^learningRate: is 0\.03 for member 1 \(127\.0\.0\.1:\d+\) \(0\.02, as for member 0/,
      );
      expect(member.get('model')!.message).toMatch(/weights\..*is not given for member 1/);
    }
  });

  it('ends on every member when the loss of one is not finite', () => {
    for (const member of [first, second]) {
      expect(member.get('diverge')).toMatchObject({ error: 'DivergedError', leaked: 0 });
      expect(member.get('diverge')!.losses).toHaveLength(1);
    }
  });

  it('notices weights that differ', () => {
    for (const member of [first, second])
      expect(member.get('corrupt')!.message).toMatch(
        /^After step 5 the weights of member 1 \(127\.0\.0\.1:\d+\) are not those of member 0/,
      );
  });

  it('writes a checkpoint when a member dies, from which one process goes on', async () => {
    const [survivor, dead] = await train(2, ['die']);
    expect(dead.size).toBe(0);
    expect(survivor.get('die')).toMatchObject({ error: 'LostMemberError', leaked: 0 });
    expect(survivor.get('die')!.losses).toHaveLength(3);
    // As if all had stopped after that step: also the running statistics, which the step that failed had moved.
    expect(survivor.get('die')!.bits).toBe(first.get('stop')!.bits);
    if (slow) await cp(join(folder, 'die'), join(folder, 'together'), { recursive: true });
    const [alone] = await train(1, ['resume']);
    const resumed = alone.get('resume')!;
    expect(resumed).toMatchObject({ reason: 'finished', step: 10 });
    expect(resumed.losses).toHaveLength(7);
    expect(resumed.warnings.join()).toContain(
      'The run was trained by 2 processes and resumes with 1',
    );
    if (!slow) return;
    // With as many members it ends with the bits of a training that was not interrupted.
    const [again] = await train(2, ['resume'], { RESUMED: 'together' });
    const [never] = await train(2, ['resume'], { RESUMED: 'new' });
    expect(again.get('resume')!.losses).toEqual(never.get('resume')!.losses.slice(3));
    expect(again.get('resume')!.bits).toBe(never.get('resume')!.bits);
  });

  it.runIf(slow)('repeats bit for bit, also with three members and an empty part', async () => {
    const [repeated] = await train(2, ['plain', 'full'], { FOLDER: join(folder, 'again') });
    for (const name of ['plain', 'full'])
      expect(repeated.get(name)!.bits).toBe(first.get(name)!.bits);
    const members = await train(3, ['plain']);
    for (const member of members)
      expect(member.get('plain')!.bits).toBe(members[0].get('plain')!.bits);
    expect(
      largestDifference(members[0].get('plain')!.values, first.get('plain')!.values),
    ).toBeLessThan(1e-4);
  });
});
