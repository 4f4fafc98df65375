import {
  type PixelData,
  type Pixels,
  type Preprocessing,
  UnavailableError,
} from '@nonlocal-med/core';
import { type DecodedPixels, pixelStatistics } from '@nonlocal-med/data/image';
import {
  type DecisionRecord,
  modelFiles,
  parseDecision,
  parseSelfTest,
  parseTrainingStatistics,
  type SelfTest,
} from '@nonlocal-med/runs/model';
import { applyNetwork, prepareInput } from './applyNetwork.js';
import { type ComputeBackend, currentBackend } from './backendPrecision.js';
import { checkDecisionLabels, type Classification, decideOutput } from './classification.js';
import { type ExplainOptions, explainPixels } from './explainPixels.js';
import { type ExportedNetwork, loadNetwork } from './exportedNetwork.js';
import { inFolder, type ModelSource, readText } from './modelSource.js';
import { describeFailure, runSelfTest, type SelfTestResult } from './selfTest.js';
import { createUnlikeCheck, type UnlikeCheck } from './unlike/unlikeCheck.js';

/** Options of a classification. */
export interface ClassifyOptions {
  /** Saliency maps, too: true for the usual ones. */
  readonly explain?: boolean | ExplainOptions;
}

/** A trained model that is ready to classify images. */
export interface Classifier<Image = DecodedPixels> extends Pick<
  ExportedNetwork,
  'name' | 'task' | 'labels' | 'preprocessing'
> {
  /** Calibration and operating points; null if the run had no validation set. */
  readonly decision: DecisionRecord | null;
  /** What it computes on. */
  readonly backend: ComputeBackend;
  /** What its user should know, one sentence each; empty if there is nothing. */
  readonly warnings: readonly string[];
  /**
   * Classifies an image, with the numbers of `eval predict`.
   * @throws InputError if the image cannot be used, or has another depth than the training images
   */
  classify(image: Image, options?: ClassifyOptions): Promise<Classification>;
  /**
   * Computes the self-test in the folder of the model and compares it with the recorded result.
   * @throws UnavailableError if the model has none
   */
  selfTest(): Promise<SelfTestResult>;
  /** Frees the model. */
  dispose(): void;
}

/** An image as the levels that preprocessing starts from. */
export type ReadImage<Image> = (
  image: Image,
  preprocessing: Preprocessing,
) => Pixels<PixelData> | Promise<Pixels<PixelData>>;

/** A classifier from the files of an exported model, for images that `readImage` takes. */
export async function createClassifier<Image>(
  source: ModelSource,
  readImage: ReadImage<Image>,
): Promise<Classifier<Image>> {
  const backend = await currentBackend();
  const [decision, statistics, recorded] = await Promise.all([
    readText(source, modelFiles.decision, parseDecision),
    readText(source, modelFiles.statistics, parseTrainingStatistics),
    readText(source, modelFiles.selfTest, parseSelfTest),
  ]);
  const network = await loadNetwork(source);
  try {
    const warnings = precisionWarnings(backend);
    if (backend.name === 'webgpu') await requireSelfTest(network, recorded);
    if (decision !== null)
      checkDecisionLabels(decision, network.labels, inFolder(source, modelFiles.decision));
    return assemble({
      network,
      decision,
      recorded,
      backend,
      warnings,
      unlike: statistics === null ? null : createUnlikeCheck(statistics),
      readImage,
    });
  } catch (error) {
    network.dispose();
    throw error;
  }
}

interface Parts<Image> {
  readonly readImage: ReadImage<Image>;
  readonly network: ExportedNetwork;
  readonly decision: DecisionRecord | null;
  readonly recorded: SelfTest | null;
  readonly backend: ComputeBackend;
  readonly warnings: readonly string[];
  readonly unlike: UnlikeCheck | null;
}

function assemble<Image>({
  network,
  decision,
  recorded,
  unlike,
  readImage,
  ...facts
}: Parts<Image>): Classifier<Image> {
  const { name, task, labels, preprocessing } = network;
  return {
    name,
    task,
    labels,
    preprocessing,
    decision,
    ...facts,
    async classify(image, { explain = false } = {}) {
      const pixels = await readImage(image, preprocessing);
      const values = prepareInput(pixels, network);
      const { probabilities } = await applyNetwork(network, values);
      return {
        probabilities,
        ...decideOutput(probabilities, network, decision),
        unlike: unlike?.(pixelStatistics(pixels, preprocessing)) ?? null,
        maps:
          explain === false
            ? []
            : await explainPixels(
                network,
                { values, probabilities },
                explain === true ? {} : explain,
              ),
      };
    },
    async selfTest() {
      if (recorded === null) throw new UnavailableError(NO_SELF_TEST);
      return runSelfTest(network, recorded);
    },
    dispose: () => network.dispose(),
  };
}

const NO_SELF_TEST =
  'The folder of the model has no self-test.json: an earlier version exported it. Test the run again with this version.';

/** WebGPU drivers may compute something else without an error, so that it is used only if it computes the known result. */
async function requireSelfTest(network: ExportedNetwork, recorded: SelfTest | null): Promise<void> {
  const instead = "Use another backend: await tf.setBackend('wasm') before the model is loaded.";
  if (recorded === null)
    throw new UnavailableError(`WebGPU is used only after a self-test. ${NO_SELF_TEST} ${instead}`);
  const result = await runSelfTest(network, recorded);
  if (!result.passed)
    throw new UnavailableError(`WebGPU is not used: ${describeFailure(result)}. ${instead}`);
}

function precisionWarnings({ name, precision }: ComputeBackend): string[] {
  return precision === 'float16'
    ? [
        `The backend ${name} computes with 16-bit floating point on this device: probabilities may differ by about 0.001 from those of the evaluation. The wasm backend does not have this limit.`,
      ]
    : [];
}
