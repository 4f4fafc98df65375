import { useEngine } from '@nonlocal-med/engine';
import { configurableOptions } from '@nonlocal-med/experiment';
import { describeModel, modelNames } from '@nonlocal-med/models';
import { emitJson, formatTable, type CommandContext } from '@nonlocal-med/terminal';
import { Command } from 'commander';
import { readNumber } from '../options/readNumber.js';
import { readSize } from '../options/readSize.js';

/** `models`: what there is to train. */
export function modelsCommand(_context: CommandContext): Command {
  return new Command('models')
    .description('List the models: parameters, operations and feature sizes; with a name, its options.')
    .argument('[name]', 'show the options of this model')
    .option('--size <pixels>', 'input size, N or HxW', readSize, 386)
    .option('--classes <count>', 'number of classes', readNumber, 4)
    .option('--json', 'print JSON')
    .action(async (name: string | undefined, { size, classes, json }: { size: number; classes: number; json?: true }) => {
      await useEngine();
      const descriptions = (name === undefined ? modelNames() : [name]).map((model) => describeModel(model, { classes, inputSize: size }));
      if (json !== undefined) return emitJson(descriptions);
      const stages = ['e1', 'e2', 'e3', 'e4', 'nam', 'fused'];
      const rows = descriptions.map(({ name: model, parameters, operations, features }) => [
        model,
        parameters.toLocaleString('en'),
        (operations / 1e9).toFixed(2),
        ...stages.map((stage) => features.find(({ layer }) => layer === stage)?.shape.join('x') ?? ''),
      ]);
      process.stdout.write(`${formatTable([{ title: 'model' }, { title: 'parameters', align: 'right' }, { title: 'GMAC', align: 'right' }, ...stages.map((title) => ({ title }))], rows)}\n`);
      if (name !== undefined) process.stdout.write(`\n${optionTable(name)}\n`);
    });
}

/** Options of a model's own, two lines each: meaning, then values and default. */
function optionTable(name: string): string {
  const rows = Object.entries(configurableOptions(name)).map(([option, spec]) => {
    const values = 'choices' in spec ? spec.choices.join(', ') : spec.kind;
    const preset = spec.default === undefined ? '' : `; default: ${String(spec.default).replaceAll(',', ', ')}`;
    return [option, `${spec.description}\n${values}${preset}`];
  });
  return formatTable([{ title: 'option' }, { title: 'meaning and values; give one with --set model.<option>=<value>' }], rows);
}
