const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);
/** The float32 of every binary16 bit pattern, computed at the first use. */
let float16Values: Float32Array | undefined;

/** IEEE 754 binary16 to float32, exactly. */
export function fromFloat16(values: Uint16Array): Float32Array {
  const table = (float16Values ??= Float32Array.from({ length: 65536 }, (_, half) =>
    float16Value(half),
  ));
  const result = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) result[i] = table[values[i]];
  return result;
}

/** float32 to IEEE 754 binary16, rounding half to even; values that are too large become infinite. */
export function toFloat16(values: Float32Array): Uint16Array {
  const result = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) result[i] = float16Bits(values[i]);
  return result;
}

/** bfloat16 to float32, exactly. */
export function fromBfloat16(values: Uint16Array): Float32Array {
  const result = new Uint32Array(values.length);
  for (let i = 0; i < values.length; i++) result[i] = values[i] << 16;
  return new Float32Array(result.buffer);
}

/** float32 to bfloat16, rounding half to even. */
export function toBfloat16(values: Float32Array): Uint16Array {
  const result = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    float[0] = values[i];
    result[i] = Number.isNaN(values[i])
      ? 0x7fc0
      : (bits[0] + 0x7fff + ((bits[0] >>> 16) & 1)) >>> 16;
  }
  return result;
}

function float16Value(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function float16Bits(value: number): number {
  float[0] = value;
  const sign = (bits[0] >>> 16) & 0x8000;
  const magnitude = Math.abs(value);
  if (Number.isNaN(magnitude)) return sign | 0x7e00;
  if (magnitude >= 65520) return sign | 0x7c00;
  if (magnitude < 2 ** -14) return sign | roundHalfEven(magnitude * 2 ** 24);
  const exponent = ((bits[0] >>> 23) & 0xff) - 127;
  // A fraction that rounds up to 1024 carries into the exponent, as the encoding intends.
  return sign | (((exponent + 15) << 10) + roundHalfEven((magnitude / 2 ** exponent - 1) * 1024));
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
