import { useEngine } from '@nonlocal-med/engine';
import { describeModel, type ModelDescription, modelNames } from '@nonlocal-med/models';
import { configurableOptions } from '@nonlocal-med/pipeline';
import { type CommandContext, emitJson, formatTable } from '@nonlocal-med/terminal';
import type { ModelsOptions } from '../options/inspectOptions.js';
import { optionTable } from '../output/optionTable.js';

/** `models`: the models of the registry, or one with its options. */
export function modelsCommand(_context: CommandContext) {
  return async (
    name: string | undefined,
    { size, classes, json }: ModelsOptions,
  ): Promise<void> => {
    await useEngine();
    const descriptions = (name === undefined ? modelNames() : [name]).map((model) =>
      describeModel(model, { classes, inputSize: size }),
    );
    if (json !== undefined) return emitJson(descriptions);
    process.stdout.write(`${modelTables(descriptions)}\n`);
    if (name !== undefined) process.stdout.write(`\n${modelOptionTable(name)}\n`);
  };
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

function modelOptionTable(name: string): string {
  const title = 'description and values; --set model.<option>=<value>';
  return optionTable(configurableOptions(name), title);
}
