import { useEngine } from '@nonlocal-med/engine';
import { describeModel, modelNames } from '@nonlocal-med/models';
import { configurableOptions } from '@nonlocal-med/pipeline';
import { type CommandContext, emitJson } from '@nonlocal-med/terminal';
import { Command } from 'commander';
import { readNumber } from '../options/readNumber.js';
import { readSize } from '../options/readSize.js';
import { modelTable } from '../output/modelTable.js';
import { optionTable } from '../output/optionTable.js';

/** `models`: what there is to train. */
export function modelsCommand(_context: CommandContext): Command {
  return new Command('models')
    .description(
      'List the models: parameters, operations and feature sizes; with a name, its options.',
    )
    .argument('[name]', 'show the options of this model')
    .option('--size <pixels>', 'input size, N or HxW', readSize, 386)
    .option('--classes <count>', 'number of classes', readNumber, 4)
    .option('--json', 'print JSON')
    .action(
      async (
        name: string | undefined,
        { size, classes, json }: { size: number; classes: number; json?: true },
      ) => {
        await useEngine();
        const descriptions = (name === undefined ? modelNames() : [name]).map((model) =>
          describeModel(model, { classes, inputSize: size }),
        );
        if (json !== undefined) return emitJson(descriptions);
        process.stdout.write(`${modelTable(descriptions)}\n`);
        if (name !== undefined)
          process.stdout.write(`\n${optionTable(configurableOptions(name))}\n`);
      },
    );
}
