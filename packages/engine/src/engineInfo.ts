/** Which backend a caller wants: the fastest available, native TensorFlow only, or WebAssembly. */
export type EngineChoice = 'auto' | 'native' | 'wasm';

/** Which device native TensorFlow should use: a GPU if one works, the CPU, or a GPU only. */
export type DeviceChoice = 'auto' | 'cpu' | 'cuda';

/** A device that TensorFlow is installed for. */
export type Device = 'cpu' | 'cuda';

/** The backend in use and why it was chosen: everything a run folder records about it. */
export interface EngineInfo {
  readonly engine: 'native' | 'wasm';
  /** Why this backend was chosen, in one sentence. */
  readonly reason: string;
  /** Name of the active tfjs backend. */
  readonly backend: 'tensorflow' | 'wasm';
  /** Version of TensorFlow; native only. */
  readonly tensorflow?: string;
  /** The device in use. */
  readonly device: Device;
  /** Number of threads that one operation may use. */
  readonly threads: number;
  /** Whether oneDNN's kernels replace TensorFlow's default CPU kernels. Affects the last bits of every result. */
  readonly oneDnn: boolean;
  /** Number of processes that compute together; absent if it is this one alone. */
  readonly processes?: number;
  /** Versions of Node, tfjs, and either the wasm backend or TensorFlow. */
  readonly versions: Readonly<Record<string, string>>;
}
