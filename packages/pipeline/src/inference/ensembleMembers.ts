import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, type PixelValues, type Task } from '@nonlocal-med/core';
import { hashFile } from '@nonlocal-med/core/node';
import type { ModelMetadata } from '@nonlocal-med/models';
import { runFiles, type WeightsChoice } from '@nonlocal-med/runs';
import type { Precision } from '@nonlocal-med/train';
import type { SeenReport } from '../seen/excludeSeen.js';
import type { ExportedModel } from './openExportedModel.js';

/** A model of an ensemble, as results record it. */
export interface EnsembleMember {
  readonly folder: string;
  /** SHA-256 of the file of its weights. */
  readonly weightsSha256: string;
  /** Which weights of a run; absent for an exported model. */
  readonly weights?: WeightsChoice;
  /** Type in which its convolutions and matrix products were computed; absent for float32. */
  readonly precision?: Precision;
  /** Which images of another data set it has seen; absent for a run on its test set. */
  readonly seen?: SeenReport;
}

/** An exported model as results record it. */
export async function describeMember({
  folder,
  modelFolder,
  precision,
}: ExportedModel): Promise<EnsembleMember> {
  return {
    folder,
    weightsSha256: await hashFile(join(modelFolder, 'weights.bin')),
    ...(precision === 'float32' ? {} : { precision }),
  };
}

/** What decides whether models can be averaged. */
export interface MemberFacts {
  readonly folder: string;
  readonly task: Task;
  /** The classes or findings. */
  readonly labels: readonly string[];
  readonly preprocessing: { readonly values?: PixelValues };
}

/** Reads what `model.json` says of the models in folders of runs or of exported models; folders without one are left out. */
export async function readMemberFacts(folders: readonly string[]): Promise<MemberFacts[]> {
  const read = async (folder: string): Promise<MemberFacts[]> => {
    for (const place of [folder, join(folder, runFiles.model)]) {
      const text = await readFile(join(place, 'model.json'), 'utf8').catch(() => null);
      if (text === null) continue;
      const { userDefinedMetadata: metadata } = JSON.parse(text) as {
        userDefinedMetadata?: Partial<ModelMetadata>;
      };
      const { task = 'multiclass', labels, preprocessing } = metadata ?? {};
      if (labels === undefined || preprocessing === undefined) return [];
      return [{ folder, task, labels, preprocessing }];
    }
    return [];
  };
  return (await Promise.all(folders.map(read))).flat();
}

/**
 * Refuses models whose probabilities have no common mean, or that cannot read the same image files: another task, other
 * classes or findings than the first one (their order may differ), 8-bit against more. Each model prepares images
 * itself, so that sizes, contrast and windows may differ.
 * @throws InputError with the folder of the first model that does not fit, and what both have
 */
export function requireOneEnsemble([first, ...others]: readonly MemberFacts[]): void {
  for (const { folder, task, labels, preprocessing } of others) {
    const refuse = (message: string, hint: string): never => {
      throw new InputError({ path: folder, message, hint });
    };
    if (task !== first.task)
      refuse(
        `predicts ${described(task)} (task ${task})`,
        `models that predict ${described(first.task)} (task ${first.task}), as the first member, ${first.folder}`,
      );
    if (
      labels.length !== first.labels.length ||
      !labels.every((name) => first.labels.includes(name))
    )
      refuse(
        `its ${task === 'multilabel' ? 'findings' : 'classes'} are ${labels.join(', ')}`,
        `those of the first member, ${first.folder}: ${first.labels.join(', ')}; an ensemble averages probabilities of the same ones`,
      );
    const [depth, expected] = [preprocessing.values, first.preprocessing.values].map(depthOf);
    if (depth !== undefined && expected !== undefined && depth !== expected)
      refuse(
        `reads image files with ${depth} (preprocessing.values: ${JSON.stringify(preprocessing.values)})`,
        `models for files with ${expected}, as the first member, ${first.folder}; no image suits both`,
      );
  }
}

const described = (task: Task): string =>
  task === 'multilabel' ? 'several findings per image' : 'one class per image';

/** Which files a model reads; undefined for models of version 0.0, which read all. */
function depthOf(values: PixelValues | undefined): string | undefined {
  if (values === undefined) return undefined;
  return values === '8-bit' ? '8 bits' : 'more than 8 bits';
}
