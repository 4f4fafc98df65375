import { sha256 } from '@nonlocal-med/core/node';
import { bindingHeaders } from '../install/gatherFiles.js';
import type { TensorflowRelease } from '../tensorflowRelease.js';
import { buildZip } from './buildWheel.js';

/** A small wheel with the members of TensorFlow's wheel, and the release that pins it. */
export function fakeRelease({ library = 'x'.repeat(50_000) } = {}): {
  release: TensorflowRelease;
  wheel: Buffer;
  name: string;
} {
  const files = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
  const wheel = buildZip({
    ...Object.fromEntries(files.map((file) => [`tensorflow/${file}`, file + library])),
    'tensorflow/THIRD_PARTY_NOTICES.txt': 'notices',
    ...Object.fromEntries(
      bindingHeaders.map((header) => [`tensorflow/include/${header}`, `// ${header}`]),
    ),
    'tensorflow/python/unwanted.py': 'print()',
    'tiny_flow-1.0.dist-info/METADATA': 'Metadata-Version: 2.1\nName: tiny-flow\nVersion: 1.0\n',
    'tiny_flow-1.0.dist-info/WHEEL':
      'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: false\nTag: cp311-cp311-manylinux_2_27_x86_64\n',
    'tiny_flow-1.0.dist-info/RECORD': '',
  });
  const release: TensorflowRelease = {
    version: '1.0',
    request: {
      project: 'tiny-flow',
      versions: '==1.0',
      python: '311',
      platformTags: ['manylinux_2_27_x86_64'],
      size: wheel.length,
    },
    size: wheel.length,
    sha256: sha256(wheel),
    libraries: files.map((file) => ({
      file,
      size: (file + library).length,
      sha256: sha256(file + library),
    })),
  };
  return { release, wheel, name: 'tiny_flow-1.0-cp311-cp311-manylinux_2_27_x86_64.whl' };
}
