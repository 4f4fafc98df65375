import { join } from 'node:path';
import { type ExportedNetwork, loadNetwork } from '@nonlocal-med/classifier';
import { filesIn } from '@nonlocal-med/classifier/node';
import { InputError, type PrecisionChoice } from '@nonlocal-med/core';
import { fileExists } from '@nonlocal-med/core/node';
import { runFiles } from '@nonlocal-med/runs';
import { type Precision, resolvePrecision } from '@nonlocal-med/train';

/** A model that a run exported, with everything needed to apply it to image files. */
export interface ExportedModel extends ExportedNetwork {
  /** Folder that was opened: of the run, or of the exported model. */
  readonly folder: string;
  /** Folder of the exported model itself, with model.json and weights.bin. */
  readonly modelFolder: string;
  /** Type in which its convolutions and matrix products are computed. */
  readonly precision: Precision;
}

/** How {@link openExportedModel} prepares a model. */
export interface OpenModelOptions {
  /** Type in which convolutions and matrix products are computed. Default: float32. */
  readonly precision?: PrecisionChoice;
  readonly onNote?: (line: string) => void;
}

/**
 * Opens an exported model, or the one in the folder of a run. Select a backend first (`useEngine`); the caller disposes
 * the model.
 * @throws InputError if there is no exported model, it cannot be loaded, or its metadata lacks the classes or the
 * preprocessing or contradicts the model, or if bfloat16 is requested and not available.
 * @example
 * ```ts no-run
 * import { useEngine } from '@nonlocal-med/engine';
 * import { openExportedModel, predictImages } from '@nonlocal-med/pipeline';
 *
 * await useEngine();
 * const model = await openExportedModel('runs/first');
 * const { probabilities } = await predictImages(model, ['a.png', 'b.png']);
 * for (const [index, name] of model.labels.entries()) console.log(name, probabilities[index]); // of a.png
 * model.dispose();
 * ```
 */
export async function openExportedModel(
  folder: string,
  { precision: choice = 'float32', onNote }: OpenModelOptions = {},
): Promise<ExportedModel> {
  const place = (await hasModel(folder)) ? folder : join(folder, runFiles.model);
  if (!(await hasModel(place)))
    throw new InputError({
      path: folder,
      message: 'does not contain an exported model',
      hint: 'a folder with model.json, or the folder of a trained run',
    });
  const network = await loadNetwork(filesIn(place));
  try {
    const { precision, note } = resolvePrecision(choice, network.logits);
    if (note !== undefined) onNote?.(note);
    if (precision === 'bfloat16')
      onNote?.(
        'Computed in bfloat16: probabilities may differ from those in float32 in the third digit.',
      );
    return { folder, modelFolder: place, precision, ...network };
  } catch (error) {
    network.dispose();
    throw error;
  }
}

const hasModel = (folder: string): Promise<boolean> => fileExists(join(folder, 'model.json'));
