import { useEngine } from '@nonlocal-med/engine';
import { describeModel, type ModelDescription, modelNames } from '@nonlocal-med/models';
import { configurableOptions, type ModelOptionSchema, parseNumber } from '@nonlocal-med/pipeline';
import { type CommandContext, emitJson, formatTable } from '@nonlocal-med/terminal';
import { Command } from 'commander';
import wrapAnsi from 'wrap-ansi';
import { parseSize } from '../options/trainingFlags.js';

/** `models`: the models of the registry, or one with its options. */
export function modelsCommand(_context: CommandContext): Command {
  return new Command('models')
    .description(
      'List the models with their parameters, operations and feature sizes, or the options of one model.',
    )
    .argument('[name]', 'show the options of this model')
    .option('--size <pixels>', 'input size, N or HxW', parseSize, 386)
    .option('--classes <count>', 'number of classes', parseNumber, 4)
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
        process.stdout.write(`${modelTables(descriptions)}\n`);
        if (name !== undefined)
          process.stdout.write(`\n${optionTable(configurableOptions(name))}\n`);
      },
    );
}

const ENCODERS = ['e1', 'e2', 'e3', 'e4'];

/** A table of the models, and one of the encoder stages, which the models of a backbone share. */
function modelTables(descriptions: readonly ModelDescription[]): string {
  const sizeOf = ({ features }: ModelDescription, stage: string): string =>
    features.find(({ layer }) => layer === stage)?.shape.join('x') ?? '';
  const models = descriptions.map((model) => [
    model.name,
    model.parameters.toLocaleString('en'),
    (model.operations / 1e9).toFixed(2),
    sizeOf(model, 'nam'),
    sizeOf(model, 'fused'),
  ]);
  // Keyed by backbone and sizes, so that each combination is listed once.
  const encoders = new Map(
    descriptions.map((model) => {
      const row = [model.name.split('-')[0], ...ENCODERS.map((stage) => sizeOf(model, stage))];
      return [row.join(' '), row];
    }),
  );
  return [
    formatTable(
      [
        { title: 'model' },
        { title: 'parameters', align: 'right' },
        { title: 'GMAC', align: 'right' },
        { title: 'nam' },
        { title: 'fused' },
      ],
      models,
    ),
    formatTable(
      ['backbone', ...ENCODERS].map((title) => ({ title })),
      [...encoders.values()],
    ),
  ].join('\n\n');
}

/** Width of the descriptions, so that the table fits 80 columns with the longest option name. */
const DESCRIPTION_WIDTH = 66;

/** The options of a model on several lines each: description, then values and default. */
function optionTable(options: Readonly<Record<string, ModelOptionSchema>>): string {
  const rows = Object.entries(options).map(([name, option]) => [
    name,
    [option.description!, `${valuesOf(option)}${defaultOf(option)}`]
      .map((text) => wrapAnsi(text, DESCRIPTION_WIDTH))
      .join('\n'),
  ]);
  return formatTable(
    [{ title: 'option' }, { title: 'description and values; --set model.<option>=<value>' }],
    rows,
  );
}

function valuesOf({ enum: choices, type, items, minimum, maximum }: ModelOptionSchema): string {
  if (choices !== undefined) return choices.join(', ');
  if (type === 'array') return `one or more of ${(items as ModelOptionSchema).enum!.join(', ')}`;
  if (type === 'boolean') return 'true, false';
  const range =
    maximum === undefined || maximum === Number.MAX_SAFE_INTEGER
      ? `of at least ${minimum}`
      : `from ${minimum} to ${maximum}`;
  return `${type === 'integer' ? 'an integer' : 'a number'} ${range}`;
}

function defaultOf({ default: value }: ModelOptionSchema): string {
  return value === undefined ? '' : `; default: ${[value as string | string[]].flat().join(', ')}`;
}
