import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { count, InputError, quoteForShell, schemaIssues } from '@nonlocal-med/core';
import { fileExists, readInputFile } from '@nonlocal-med/core/node';
import { exportFiles, type ExportFormat, servedFolder } from './exportFormats.js';
import { type Golden, goldenSchema } from './goldenExample.js';
import { decodeNpy, type NpyArray } from './npyFile.js';
import { type OutputRows, runOnnxFile } from './runOnnxFile.js';
import { runSavedModel } from './runSavedModel.js';

/** How an exported model computes here, compared with the model it was made from. */
export interface ExportVerification {
  readonly file: string;
  readonly format: ExportFormat;
  /** What computed: `onnxruntime-node 1.30.0`. */
  readonly runtime: string;
  readonly passed: boolean;
  readonly tolerance: number;
  /** Largest difference of each output; of logits relative to the largest one, if that is above 1. */
  readonly differences: Readonly<Record<string, number>>;
}

/**
 * Runs an exported model on the images that were exported with it, together and one by one, and compares.
 * @param path a file `model.onnx` or `saved_model.pb`, or a folder with one
 * @throws InputError if there is no exported model, or what belongs to it is missing or damaged
 * @throws UnavailableError without what runs the format: the package onnxruntime-node, or native TensorFlow
 */
export async function verifyExport(path: string): Promise<ExportVerification> {
  const { file, format, beside } = await findExport(path);
  const golden = await readGolden(join(beside, exportFiles.golden));
  const inputFile = join(beside, exportFiles.goldenInput);
  const input = decodeNpy(await readBeside(inputFile), inputFile);
  requireSameImages(golden, input, inputFile);
  const run = format === 'onnx' ? runOnnxFile : runSavedModel;
  const outputs = Object.keys(golden.outputs);
  const { runtime, results } = await run(file, {
    batches: [input, ...singleImages(input)],
    outputs,
  });
  const [together, ...single] = results;
  const oneByOne = Object.fromEntries(
    outputs.map((name) => [name, single.flatMap((result) => result[name])]),
  );
  const differences = Object.fromEntries(
    Object.entries(golden.outputs as OutputRows).map(([name, expected]) => [
      name,
      Math.max(...[together, oneByOne].map((found) => difference(name, found[name], expected))),
    ]),
  );
  const { tolerance } = golden;
  const passed = Object.values(differences).every((value) => value <= tolerance);
  return { file, format, runtime, passed, tolerance, differences };
}

async function findExport(
  path: string,
): Promise<{ file: string; format: ExportFormat; beside: string }> {
  const { onnx, savedModel } = exportFiles;
  const { version, extra } = servedFolder;
  if (!(await pathExists(path)))
    throw new InputError({ path, message: 'does not exist', hint: 'what `eval export` wrote' });
  if (path.endsWith('.onnx')) return { file: path, format: 'onnx', beside: dirname(path) };
  if (await fileExists(join(path, onnx)))
    return { file: join(path, onnx), format: 'onnx', beside: path };
  const folders = path.endsWith(savedModel) ? [dirname(path)] : [path, join(path, version)];
  for (const folder of folders)
    if (await fileExists(join(folder, savedModel)))
      return {
        file: join(folder, savedModel),
        format: 'saved-model',
        beside: join(folder, extra),
      };
  if (await fileExists(join(path, exportFiles.pytorch)))
    throw new InputError({
      path,
      message: 'is a PyTorch module, which only Python can run',
      hint: `python ${quoteForShell(join(path, exportFiles.predict))} --self-test`,
    });
  throw new InputError({
    path,
    message: 'does not contain an exported model',
    hint: `${onnx}, ${savedModel}, or the folder that \`export\` wrote`,
  });
}

async function readGolden(file: string): Promise<Golden> {
  const text = new TextDecoder().decode(await readBeside(file));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InputError({ path: file, message: `is not JSON: ${(error as Error).message}` });
  }
  const checked = goldenSchema.safeParse(json);
  if (checked.success) return checked.data;
  throw new InputError(
    schemaIssues(checked.error, { schema: goldenSchema, input: json, path: file, separator: ': ' }),
  );
}

/** @throws InputError if the images are not as many as the numbers that belong to them */
function requireSameImages({ outputs }: Golden, { shape }: NpyArray, path: string): void {
  for (const [name, rows] of Object.entries(outputs as OutputRows))
    if (rows.length !== shape[0])
      throw new InputError({
        path,
        message: `has ${count(shape[0], 'image')}, but ${exportFiles.golden} has ${rows.length} rows of ${name}`,
        hint: 'both files as one `eval export` wrote them',
      });
}

const pathExists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const readBeside = (file: string): Promise<Uint8Array> =>
  readInputFile(file, 'the whole folder that `export` wrote');

function singleImages({ shape: [count, ...shape], values }: NpyArray): NpyArray[] {
  const size = values.length / count;
  return Array.from({ length: count }, (_, i) => ({
    shape: [1, ...shape],
    values: values.slice(i * size, (i + 1) * size),
  }));
}

/** Largest difference between rows; infinite if there are other numbers of them, or one is not a number. */
function difference(
  name: string,
  found: readonly (readonly number[])[],
  expected: readonly (readonly number[])[],
): number {
  const [a, b] = [found.flat(), expected.flat()];
  const largest = Math.max(...b.map((value, i) => Math.abs(value - a[i])));
  if (a.length !== b.length || Number.isNaN(largest)) return Infinity;
  return name === 'logits' ? largest / Math.max(1, ...b.map(Math.abs)) : largest;
}
