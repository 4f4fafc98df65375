/** The parts that are used of codecs that ship without types. */

interface WasmOptions {
  /** Receives each line that the codec prints. */
  readonly print: (line: string) => void;
  readonly printErr: (line: string) => void;
  /** The WebAssembly module; read from a file or an address if it is not given. */
  readonly wasmBinary?: Uint8Array;
}

interface WasmDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): void;
  getFrameInfo(): {
    readonly width: number;
    readonly height: number;
    readonly bitsPerSample: number;
    readonly componentCount: number;
    readonly isSigned: boolean;
  };
  delete(): void;
}

declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  const load: (options: WasmOptions) => Promise<{ J2KDecoder: new () => WasmDecoder }>;
  export { load as default };
}

declare module '@cornerstonejs/codec-charls/decodewasmjs' {
  const load: (options: WasmOptions) => Promise<{
    JpegLSDecoder: new () => WasmDecoder & { getInterleaveMode(): number };
    getExceptionMessage(pointer: number): string;
  }>;
  export { load as default };
}

declare module '@cornerstonejs/codec-openjph' {
  const load: (options: WasmOptions) => Promise<{
    HTJ2KDecoder: new () => WasmDecoder & {
      getLastErrorMessage(): string;
      getIsHeaderValid(): boolean;
    };
  }>;
  export { load as default };
}

declare module 'jpeg-lossless-decoder-js' {
  export class Decoder {
    readonly frame: { readonly precision: number };
    /** Decodes a JPEG lossless stream; values have one byte if its precision is at most 8, else two. */
    decompress(buffer: ArrayBufferLike, offset: number, length: number): ArrayBuffer;
  }
}
