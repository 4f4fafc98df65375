import type { ReadFile } from '@nonlocal-med/classifier';

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
  readonly quantization?: unknown;
}

/**
 * A model in TF.js's format with its kernels in 16-bit floating point, which TF.js reads back as 32 bits. Vectors (biases, and what
 * batch normalization has) keep 32 bits: they are small, and their values may be tiny.
 * @throws RangeError if a weight has no 16-bit value
 */
export async function withHalfPrecision(
  read: ReadFile,
): Promise<Record<'model.json' | 'weights.bin', Uint8Array>> {
  const json = JSON.parse(new TextDecoder().decode((await read('model.json'))!)) as ModelJson;
  const paths = json.weightsManifest.flatMap((group) => group.paths);
  const bytes = Buffer.concat(await Promise.all(paths.map(async (path) => (await read(path))!)));
  const parts: Uint8Array[] = [];
  let at = 0;
  const weights = json.weightsManifest
    .flatMap((group) => group.weights)
    .map((spec) => {
      const length = 4 * spec.shape.reduce((product, size) => product * size, 1);
      const part = bytes.subarray(at, at + length);
      at += length;
      const isHalved = spec.shape.length > 1 && spec.dtype === 'float32';
      parts.push(isHalved ? halves(part, spec.name) : part);
      return isHalved ? { ...spec, quantization: { dtype: 'float16' } } : spec;
    });
  const changed = { ...json, weightsManifest: [{ paths: ['weights.bin'], weights }] };
  return {
    'model.json': new TextEncoder().encode(JSON.stringify(changed)),
    'weights.bin': Buffer.concat(parts),
  };
}

function halves(bytes: Uint8Array, name: string): Uint8Array {
  const values = new Float32Array(Uint8Array.from(bytes).buffer);
  const result = new Uint16Array(values.length);
  values.forEach((value, index) => {
    result[index] = halfBits(value);
    if ((result[index] & 0x7c00) === 0x7c00)
      throw new RangeError(`${name} has the weight ${value}, too large for 16-bit floating point`);
  });
  return new Uint8Array(result.buffer);
}

const single = new Float32Array(1);
const singleBits = new Uint32Array(single.buffer);

/** The bits of a number in IEEE 754 binary16, rounded to nearest, ties to even. */
export function halfBits(value: number): number {
  single[0] = value;
  const [bits] = singleBits;
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 112;
  const mantissa = bits & 0x7fffff;
  if (exponent >= 31) {
    const isNaN = exponent === 143 && mantissa !== 0;
    return sign | 0x7c00 | (isNaN ? 0x200 : 0);
  }
  if (exponent < -10) return sign;
  // Below 2^-14, numbers have no leading one, and fewer bits.
  const dropped = exponent <= 0 ? 14 - exponent : 13;
  const kept = exponent <= 0 ? mantissa | 0x800000 : (exponent << 23) | mantissa;
  const half = kept >>> dropped;
  const rest = kept & (2 ** dropped - 1);
  const middle = 2 ** (dropped - 1);
  const roundsUp = rest > middle || (rest === middle && (half & 1) === 1);
  return sign | (half + Number(roundsUp));
}
