/** Results by subgroup of `evaluate --by`: which were requested, and the files that they are written to. */
import { extname } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import { parseSubgroupRules, type SubgroupRule, type SubgroupsReport } from '@nonlocal-med/metrics';
import { renderSubgroups, tableFormats } from '@nonlocal-med/report';
import { resolveUserPath } from '@nonlocal-med/terminal';
import type { SubgroupFlags } from './evaluateOptions.js';
import { rejectUnused } from './options.js';

/**
 * The groups that were requested.
 * @returns undefined if none were
 * @throws InputError if they cannot be read, or if their file could not be written
 */
export function readSubgroupFlags({
  by,
  byOut,
}: SubgroupFlags): readonly SubgroupRule[] | undefined {
  if (by === undefined) rejectUnused({ '--by-out': byOut }, 'only with --by');
  if (byOut !== undefined) formatOf(byOut);
  return by === undefined ? undefined : parseSubgroupRules(by);
}

/** Writes the results by subgroup to the file that was requested, if one was. */
export async function writeSubgroups(
  subgroups: SubgroupsReport | undefined,
  { byOut }: SubgroupFlags,
): Promise<void> {
  if (subgroups === undefined || byOut === undefined) return;
  await writeAtomic(resolveUserPath(byOut), renderSubgroups(subgroups, formatOf(byOut)));
}

function formatOf(file: string): (typeof tableFormats)[number] {
  const format = tableFormats.find((known) => `.${known}` === extname(file));
  if (format !== undefined) return format;
  throw new InputError({
    path: '--by-out',
    message: `got "${file}", whose extension is not a known format`,
    hint: `a name that ends with .${tableFormats.join(', .')}`,
  });
}
