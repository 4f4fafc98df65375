import { join } from 'node:path';
import { createSelfTest, loadNetwork, type ReadFile } from '@nonlocal-med/classifier';
import { filesIn } from '@nonlocal-med/classifier/node';
import { InputError } from '@nonlocal-med/core';
import { fileExists } from '@nonlocal-med/core/node';
import { isExperimentFolder, type ModelCard, parseModelCard, runFiles } from '@nonlocal-med/runs';

/** The files of an exported model that a page contains, and its card. */
export interface PageModel {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly card: ModelCard;
}

const NETWORK = ['model.json', 'weights.bin'];
const BESIDE = ['decision.json', 'training-statistics.json', 'self-test.json'];

/**
 * Reads the model in the folder of a run or of an exported model. Choose a backend first: a model of an earlier version gets a
 * self-test.
 * @throws InputError if there is none, or it is an experiment
 */
export async function readPageModel(folder: string): Promise<PageModel> {
  if (await isExperimentFolder(folder))
    throw new InputError({
      path: folder,
      message: 'is an experiment, and a page has one model',
      hint: 'the folder of one of its runs, such as runs/ROW/repeat-1 in it',
    });
  const place = await modelFolder(folder);
  const source = filesIn(place);
  const files = new Map<string, Uint8Array>();
  for (const name of [...NETWORK, ...BESIDE]) {
    const bytes = await source.read(name);
    if (bytes !== null) files.set(name, bytes);
    else if (NETWORK.includes(name))
      throw new InputError({
        path: join(place, name),
        message: 'does not exist',
        hint: 'the whole folder of an exported model: `model` in the folder of a run',
      });
  }
  if (!files.has('self-test.json')) files.set('self-test.json', await selfTestOf(source.read));
  const card = await source.read('README.md');
  return { files, card: parseModelCard(card === null ? '' : new TextDecoder().decode(card)) };
}

async function modelFolder(folder: string): Promise<string> {
  for (const place of [folder, join(folder, runFiles.model)])
    if (await fileExists(join(place, 'model.json'))) return place;
  throw new InputError({
    path: folder,
    message: 'does not contain an exported model',
    hint: 'a folder with model.json, or the folder of a trained run',
  });
}

async function selfTestOf(read: ReadFile): Promise<Uint8Array> {
  const network = await loadNetwork({ read, place: 'model' });
  try {
    return new TextEncoder().encode(JSON.stringify(await createSelfTest(network)));
  } finally {
    network.dispose();
  }
}
