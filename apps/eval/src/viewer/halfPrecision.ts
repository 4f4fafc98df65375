import type { ReadFile } from '@nonlocal-med/classifier';
import { InputError, type Issue, throwIssues } from '@nonlocal-med/core';
import { toFloat16 } from '@nonlocal-med/tensor';

/** What is used of `model.json` here. */
interface ModelJson {
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly WeightSpec[];
  }[];
}

interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: { readonly dtype: string };
}

/**
 * A model in TF.js's format with its kernels in 16-bit floating point, which TF.js reads back as 32 bits. Vectors (biases, and what
 * batch normalization has) keep 32 bits: they are small, and their values may be tiny.
 * @throws InputError if the weights are not 32-bit floating point in one file, or one of them has no 16-bit value
 */
export async function withHalfPrecision(
  read: ReadFile,
): Promise<Record<'model.json' | 'weights.bin', Uint8Array>> {
  const json = JSON.parse(new TextDecoder().decode((await read('model.json'))!)) as ModelJson;
  const specs = json.weightsManifest.flatMap((group) => group.weights);
  const bytes = await weightBytes(json, read);
  checkWeights(specs, bytes.length);
  const parts: Uint8Array[] = [];
  let at = 0;
  const weights = specs.map((spec) => {
    const part = bytes.subarray(at, at + byteLength(spec));
    at += part.length;
    const isHalved = spec.shape.length > 1;
    parts.push(isHalved ? halves(part, spec.name) : part);
    return isHalved ? { ...spec, quantization: { dtype: 'float16' } } : spec;
  });
  const changed = { ...json, weightsManifest: [{ paths: ['weights.bin'], weights }] };
  return {
    'model.json': new TextEncoder().encode(JSON.stringify(changed)),
    'weights.bin': Buffer.concat(parts),
  };
}

async function weightBytes({ weightsManifest }: ModelJson, read: ReadFile): Promise<Uint8Array> {
  const paths = weightsManifest.flatMap((group) => group.paths);
  if (paths.length !== 1 || paths[0] !== 'weights.bin')
    throw new InputError({
      path: 'model.json',
      message: `has its weights in the files ${paths.join(', ')}`,
      hint: 'one file, weights.bin: a model that a run exported',
    });
  return (await read('weights.bin'))!;
}

const byteLength = ({ shape }: WeightSpec): number =>
  4 * shape.reduce((product, size) => product * size, 1);

/** Refuses what is not 32-bit floating point, and a file of another length. */
function checkWeights(specs: readonly WeightSpec[], length: number): void {
  const refused = specs.flatMap(({ name, dtype, quantization }): Issue[] => {
    const message =
      quantization !== undefined
        ? `is stored as ${quantization.dtype} already`
        : dtype !== 'float32'
          ? `has values of type ${dtype}`
          : null;
    const hint = 'float32 weights: leave out --half for this model';
    return message === null ? [] : [{ path: `model.json: ${name}`, message, hint }];
  });
  throwIssues(refused);
  const described = specs.reduce((sum, spec) => sum + byteLength(spec), 0);
  if (described !== length)
    throw new InputError({
      path: 'weights.bin',
      message: `has ${length} bytes, but model.json describes ${described}`,
      hint: 'both files of one exported model',
    });
}

function halves(bytes: Uint8Array, name: string): Uint8Array {
  const values = new Float32Array(Uint8Array.from(bytes).buffer);
  const result = toFloat16(values);
  // All bits of the exponent: infinity or NaN.
  const at = result.findIndex((half) => (half & 0x7c00) === 0x7c00);
  if (at >= 0)
    throw new InputError({
      path: `model.json: ${name}`,
      message: `has the weight ${values[at]}, and 16 bits hold at most 65,504`,
      hint: 'leave out --half for this model',
    });
  return new Uint8Array(result.buffer);
}
