import loadCharls from '@cornerstonejs/codec-charls/decodewasmjs';
import loadOpenJpeg from '@cornerstonejs/codec-openjpeg/decodewasmjs';
import loadOpenJph from '@cornerstonejs/codec-openjph';
import { Decoder as JpegLosslessDecoder } from 'jpeg-lossless-decoder-js';
import { toShorts } from '../image/levels.js';

type Values = Uint8Array | Uint16Array;

/** Names of the codecs that are WebAssembly modules. */
export type CodecName = 'charls' | 'openjpeg' | 'openjph';

let binaries: Partial<Record<CodecName, Uint8Array>> = {};

/** Gives the codecs their WebAssembly modules, which they cannot read from files outside Node. */
export function setCodecBinaries(given: Readonly<Record<CodecName, Uint8Array>>): void {
  binaries = { ...given };
}

/** Codecs report progress on the terminal; what went wrong is in their errors. A new object each: loading changes it. */
const optionsOf = (name: CodecName): WasmOptions => ({
  print: () => undefined,
  printErr: () => undefined,
  ...(binaries[name] === undefined ? {} : { wasmBinary: binaries[name] }),
});

/** JPEG 2000, through OpenJPEG; the channels of a pixel are together. @throws Error for damaged streams */
export const decodeJpeg2000 = wasmDecoder('openjpeg', loadOpenJpeg, ({ J2KDecoder }, bytes) =>
  decodeWith(new J2KDecoder(), bytes, valuesOf),
);

/** High-Throughput JPEG 2000, through OpenJPH. @throws Error for damaged streams */
export const decodeHtj2k = wasmDecoder('openjph', loadOpenJph, ({ HTJ2KDecoder }, bytes) =>
  decodeWith(new HTJ2KDecoder(), bytes, (decoder) => {
    const message = decoder.getLastErrorMessage();
    if (message !== '' || !decoder.getIsHeaderValid()) throw new Error(message || 'invalid header');
    return valuesOf(decoder);
  }),
);

/** JPEG-LS, through CharLS, which returns channels as they are interleaved in the stream. @throws Error for damage */
export const decodeJpegLs = wasmDecoder('charls', loadCharls, (module, bytes) => {
  try {
    return decodeWith(new module.JpegLSDecoder(), bytes, (decoder) => ({
      values: valuesOf(decoder),
      planar: decoder.getFrameInfo().componentCount > 1 && decoder.getInterleaveMode() === 0,
    }));
  } catch (error) {
    if (typeof error === 'number')
      throw new Error(module.getExceptionMessage(error), { cause: error });
    throw error;
  }
});

/** JPEG lossless (process 14). @throws Error for damaged streams */
export function decodeJpegLossless(bytes: Uint8Array): Values {
  const decoder = new JpegLosslessDecoder();
  const decoded = new Uint8Array(
    decoder.decompress(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  );
  const { precision } = decoder.frame;
  return precision > 8 ? toShorts(decoded) : decoded;
}

/**
 * A function that decodes with a WebAssembly module, which is loaded at the first call, and again after an error:
 * an error leaves the module's memory in an unknown state.
 */
function wasmDecoder<Module, Result>(
  name: CodecName,
  load: (options: WasmOptions) => Promise<Module>,
  decode: (module: Module, bytes: Uint8Array) => Result,
): (bytes: Uint8Array) => Promise<Result> {
  let loading: Promise<Module> | undefined;
  return async (bytes) => {
    let current: Promise<Module>;
    let module: Module;
    do {
      current = loading ??= load(optionsOf(name));
      module = await current;
    } while (current !== loading); // Another call has met an error meanwhile.
    try {
      return decode(module, bytes);
    } catch (error) {
      loading = undefined;
      throw error;
    }
  };
}

function decodeWith<Decoder extends WasmDecoder, Result>(
  decoder: Decoder,
  bytes: Uint8Array,
  read: (decoder: Decoder) => Result,
): Result {
  decoder.getEncodedBuffer(bytes.length).set(bytes);
  decoder.decode();
  const result = read(decoder);
  decoder.delete();
  return result;
}

/** The decoded values, copied out of the module's memory. */
function valuesOf(decoder: WasmDecoder): Values {
  const bytes = decoder.getDecodedBuffer().slice();
  return decoder.getFrameInfo().bitsPerSample > 8 ? toShorts(bytes) : bytes;
}
