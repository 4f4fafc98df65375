import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bfloat16Support } from '@nonlocal-med/tensor';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { largestDifference, type MemberResult, trainMembers } from '../testing/trainMembers.js';

const native = process.env.NONLOCAL_MED_REQUIRE_NATIVE === '1';
const slow = process.env.NONLOCAL_MED_SLOW === '1';
const { isSupported: hasBfloat16 } = bfloat16Support();

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'synchronized-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** float32 sums in another order. */
const LOSS_TOLERANCE = 1e-6;
/** Of values up to 12, which are running variances; measured: 2e-6. */
const VALUE_TOLERANCE = 1e-5;

describe.skipIf(!native)(
  'synchronized batch normalization of two processes (NONLOCAL_MED_REQUIRE_NATIVE=1)',
  () => {
    const scenarios = ['sync', 'syncRecipe', 'syncFindings'];
    let alone: Map<string, MemberResult>;
    let members: Map<string, MemberResult>[];
    beforeAll(async () => {
      [alone] = await trainMembers(1, scenarios, { FOLDER: folder });
      const more = ['unsync', 'syncRefused', ...(hasBfloat16 ? ['syncBfloat16'] : [])];
      members = await trainMembers(2, [...scenarios, ...more], { FOLDER: folder });
    }, 300_000);

    it.each([
      ['sync', 12],
      ['syncRecipe', 6],
      ['syncFindings', 8],
    ])(
      '%s: computes what one process computes, with parts of different sizes and weights',
      (name, step) => {
        const [whole, first, second] = [alone, ...members].map((results) => results.get(name)!);
        expect(whole).toMatchObject({ reason: 'finished', step, leaked: 0 });
        expect(first).toMatchObject({ reason: 'finished', step, leaked: 0, warnings: [] });
        expect(second).toMatchObject({ leaked: 0, bits: first.bits, losses: first.losses });
        expect(largestDifference(whole.losses, first.losses)).toBeLessThan(LOSS_TOLERANCE);
        expect(largestDifference(whole.values, first.values)).toBeLessThan(VALUE_TOLERANCE);
      },
    );

    it('does so by the option alone', () => {
      const [whole, parts] = [alone.get('sync')!, members[0].get('unsync')!];
      expect(largestDifference(whole.losses, parts.losses)).toBeGreaterThan(1000 * LOSS_TOLERANCE);
      expect(largestDifference(whole.values, parts.values)).toBeGreaterThan(1000 * VALUE_TOLERANCE);
    });

    it("refuses TF.js's own layers by name", () => {
      for (const results of members)
        expect(results.get('syncRefused')).toMatchObject({
          error: 'InputError',
          message:
            "synchronizedBatchNorm: cannot synchronize TF.js's own batch normalization: bn (layers that call batchNormTrain of @nonlocal-med/tensor, as those of @nonlocal-med/models do; or leave the option out)",
        });
    });

    it.runIf(hasBfloat16)('gives all members the same bits in bfloat16', () => {
      const [first, second] = members.map((results) => results.get('syncBfloat16')!);
      expect(first).toMatchObject({ reason: 'finished', leaked: 0, bits: second.bits });
    });

    it('resumes from the last step of all when a member dies, and ends as without that', async () => {
      const [survivor, dead] = await trainMembers(2, ['syncDie'], { FOLDER: folder });
      expect(dead.size).toBe(0);
      const lost = survivor.get('syncDie')!;
      expect(lost.error).toBe('LostMemberError');
      expect(lost.losses).toHaveLength(2);
      const [resumed] = await trainMembers(1, ['syncDie'], { FOLDER: folder });
      const [never] = await trainMembers(1, ['syncDie'], { FOLDER: join(folder, 'never') });
      const [then, whole] = [resumed, never].map((results) => results.get('syncDie')!);
      expect(then.warnings.join()).toMatch(/trained by 2 processes .* in the last bits .* run\.$/);
      expect(largestDifference(whole.losses.slice(2), then.losses)).toBeLessThan(LOSS_TOLERANCE);
      expect(largestDifference(whole.values, then.values)).toBeLessThan(VALUE_TOLERANCE);
    });

    it.runIf(slow)('equals one process also with three members', async () => {
      const three = await trainMembers(3, scenarios, { FOLDER: folder });
      for (const name of scenarios) {
        const [whole, ...parts] = [alone, ...three].map((results) => results.get(name)!);
        for (const part of parts) expect(part).toMatchObject({ leaked: 0, bits: parts[0].bits });
        expect(largestDifference(whole.losses, parts[0].losses)).toBeLessThan(LOSS_TOLERANCE);
        expect(largestDifference(whole.values, parts[0].values)).toBeLessThan(VALUE_TOLERANCE);
      }
    });
  },
);
