import { UnavailableError } from '@nonlocal-med/core';
import type { Device } from './engineInfo.js';
import type { WheelRequest } from './install/selectWheel.js';

/** One library of a wheel. */
export interface WheelLibrary {
  /** File name, the same in the wheel's `tensorflow/` and in the installation's. */
  readonly file: string;
  readonly size: number;
  /** If absent, only the hash of the wheel is checked. */
  readonly sha256?: string;
}

/** The wheel that holds TensorFlow's libraries for one platform and device. */
export interface TensorflowRelease {
  readonly version: string;
  /** Selects the pinned wheel. Its libraries are the same for every Python version. */
  readonly request: WheelRequest;
  /** Size of the wheel in bytes. */
  readonly size: number;
  readonly sha256: string;
  readonly libraries: readonly WheelLibrary[];
}

const VERSION = '2.21.0';
const PYTHON = '311';

function release(
  project: string,
  platformTag: string,
  rest: Pick<TensorflowRelease, 'size' | 'sha256' | 'libraries'>,
): TensorflowRelease {
  return {
    version: VERSION,
    request: {
      project,
      versions: `==${VERSION}`,
      python: PYTHON,
      platformTags: [platformTag],
      size: rest.size,
    },
    ...rest,
  };
}

const releases: Readonly<Record<string, TensorflowRelease>> = {
  'linux-x64-cpu': release('tensorflow-cpu', 'manylinux_2_27_x86_64', {
    size: 273_829_956,
    sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
    libraries: [
      {
        file: 'libtensorflow_cc.so.2',
        size: 788_086_608,
        sha256: '6505a4b9657e62100c6bdacb683957a395cb047725042945aaa50e40a71e429e',
      },
      {
        file: 'libtensorflow_framework.so.2',
        size: 65_222_328,
        sha256: 'f060b323b26ef80add21b9df9428de3aeaf2843d772c5bb098745f7abff3709b',
      },
    ],
  }),
  'linux-x64-cuda': release('tensorflow', 'manylinux_2_27_x86_64', {
    size: 572_440_367,
    sha256: '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
    libraries: [
      {
        file: 'libtensorflow_cc.so.2',
        size: 1_096_372_272,
        sha256: '2889ecc99d7641620f41a4bea538f4dd4b626f75aa3e12623161ae939054191c',
      },
      {
        file: 'libtensorflow_framework.so.2',
        size: 162_648_808,
        sha256: '98847c6f0448308159f6d3ff55e13a9e92978598c7fbb34cde63aadf35c6fe84',
      },
    ],
  }),
  'linux-arm64-cpu': release('tensorflow', 'manylinux_2_27_aarch64', {
    size: 281_828_020,
    sha256: '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
    libraries: [
      { file: 'libtensorflow_cc.so.2', size: 814_885_544 },
      { file: 'libtensorflow_framework.so.2', size: 68_176_664 },
    ],
  }),
  'darwin-arm64-cpu': release('tensorflow', 'macosx_12_0_arm64', {
    size: 223_405_849,
    sha256: '51f46f4806139d01fc7920cc72a4c75876f80649bf40ff083ab6212ceb43ca88',
    libraries: [
      { file: 'libtensorflow_cc.2.dylib', size: 691_352_648 },
      { file: 'libtensorflow_framework.2.dylib', size: 49_452_976 },
    ],
  }),
};

/** Platforms and devices that native TensorFlow is available for, e.g. `linux-x64-cpu`. */
export const supportedPlatforms: readonly string[] = Object.keys(releases);

/** Whether native TensorFlow is available for a device on this platform. */
export function isSupported(device: Device): boolean {
  return `${process.platform}-${process.arch}-${device}` in releases;
}

/**
 * The pinned wheel for a device on a platform. Hashes and sizes are those of the published files.
 * @throws UnavailableError if there is none.
 */
export function tensorflowRelease(
  device: Device,
  { platform, arch }: { readonly platform: string; readonly arch: string } = process,
): TensorflowRelease {
  const found = releases[`${platform}-${arch}-${device}`];
  if (found) return found;
  throw new UnavailableError(
    `native TensorFlow is not available for ${platform}-${arch}-${device} (only for ${supportedPlatforms.join(', ')}); the wasm backend runs everywhere`,
  );
}
