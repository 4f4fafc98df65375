import { createRequire } from 'node:module';
import { InputError, UnavailableError } from '@nonlocal-med/core';
import { graphNames } from '@nonlocal-med/models';
import type { InferenceSession } from 'onnxruntime-node';
import type { NpyArray } from './npyFile.js';

/** Outputs of a model by name, one row per image. */
export type OutputRows = Readonly<Record<string, readonly (readonly number[])[]>>;

/** What a model is run on. */
export interface RunExport {
  readonly batches: readonly NpyArray[];
  readonly outputs: readonly string[];
}

/** What a model gave for each batch, and what computed it. */
export interface ExportResults {
  readonly runtime: string;
  readonly results: readonly OutputRows[];
}

/**
 * Runs an ONNX file with the package onnxruntime-node.
 * @throws UnavailableError if the package is not installed
 * @throws InputError if ONNX Runtime cannot load or run the file
 */
export async function runOnnxFile(
  file: string,
  { batches, outputs }: RunExport,
): Promise<ExportResults> {
  const runtime = await import('onnxruntime-node').catch((error: unknown) => {
    throw new UnavailableError(
      'An ONNX file is run by the package onnxruntime-node, which is not installed: `npm install onnxruntime-node`.',
      { cause: error },
    );
  });
  let session: InferenceSession | undefined;
  try {
    session = await runtime.InferenceSession.create(file);
    const results: OutputRows[] = [];
    for (const { shape, values } of batches) {
      const image = new runtime.Tensor('float32', values, [...shape]);
      const found = await session.run({ [graphNames.input]: image }, [...outputs]);
      results.push(
        Object.fromEntries(
          outputs.map((name) => [name, rowsOf(found[name].data as Float32Array, shape[0])]),
        ),
      );
    }
    const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as {
      version: string;
    };
    return { runtime: `onnxruntime-node ${version}`, results };
  } catch (error) {
    throw new InputError(
      { path: file, message: `cannot be run by ONNX Runtime: ${(error as Error).message}` },
      { cause: error },
    );
  } finally {
    await session?.release();
  }
}

/** Values [rows * n] as rows. */
export function rowsOf(values: ArrayLike<number>, rows: number): number[][] {
  const length = values.length / rows;
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length }, (_unused, i) => values[row * length + i]),
  );
}
