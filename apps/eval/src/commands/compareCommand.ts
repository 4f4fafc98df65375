import { compareRuns } from '@nonlocal-med/experiment';
import { comparisonTable, describeComparison } from '@nonlocal-med/report';
import { emitJson, formatTable, resolveUserPath, type CommandContext } from '@nonlocal-med/terminal';
import { Command } from 'commander';

/** `compare`: two runs on the same test images. */
export function compareCommand(_context: CommandContext): Command {
  return new Command('compare')
    .description('Compare two runs that were tested on the same images, with paired tests.')
    .argument('<baseline>', 'folder of a tested run')
    .argument('<run>', 'folder of another')
    .option('--json', 'print JSON')
    .action(async (baseline: string, run: string, { json }: { json?: true }) => {
      const comparison = await compareRuns(resolveUserPath(baseline), resolveUserPath(run));
      if (json !== undefined) return emitJson(comparison);
      const { columns, rows } = comparisonTable([baseline, run], comparison);
      process.stdout.write(`${formatTable(columns, rows)}\n\n${describeComparison([baseline, run], comparison)}\n`);
    });
}
