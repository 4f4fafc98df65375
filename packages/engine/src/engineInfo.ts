/** Which engine a caller wants: the best there is, native TensorFlow or nothing, or WebAssembly. */
export type EngineChoice = 'auto' | 'native' | 'wasm';

/** Which device native TensorFlow should use: a GPU where one is usable, the CPU, or a GPU or nothing. */
export type DeviceChoice = 'auto' | 'cpu' | 'cuda';

/** A device that an installation is for. */
export type Device = 'cpu' | 'cuda';

/** What runs the numbers and why: everything a run folder needs to say about it. */
export interface EngineInfo {
  readonly engine: 'native' | 'wasm';
  /** One sentence: why this engine and not another. */
  readonly reason: string;
  /** Name of the tfjs backend that is set. */
  readonly backend: 'tensorflow' | 'wasm';
  /** Version of TensorFlow, native only. */
  readonly tensorflow?: string;
  /** The device in use. */
  readonly device: Device;
  /** Threads that one operation may use. */
  readonly threads: number;
  /** Whether TensorFlow replaces its plain CPU kernels by oneDNN's. Decides the last bits of every result. */
  readonly oneDnn: boolean;
  /** Versions of node, tfjs, the wasm backend or TensorFlow's binding. */
  readonly versions: Readonly<Record<string, string>>;
}
