import { expect, it } from 'vitest';
import { selectWheel, type WheelRequest } from './selectWheel.js';

const request = (versions: string): WheelRequest => ({
  project: 'nvidia-cublas-cu12',
  versions,
  python: '311',
  platformTags: ['manylinux_2_27_x86_64', 'manylinux2014_x86_64'],
  size: 1,
});
const names = [
  'nvidia_cublas_cu12-12.5.3.2-py3-none-manylinux2014_x86_64.whl',
  'nvidia_cublas_cu12-12.9.3.13-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
  'nvidia_cublas_cu12-12.10.0.1-py3-none-manylinux_2_27_aarch64.whl',
  'nvidia_cublas_cu12-12.9.10.0rc1-py3-none-manylinux_2_27_x86_64.whl',
  'nvidia_cublas_cu12-13.0.0.1-py3-none-manylinux_2_27_x86_64.whl',
  'nvidia_cublas_cu12-12.9.4-cp310-cp310-manylinux_2_27_x86_64.whl',
  'other-12.9.9-py3-none-manylinux_2_27_x86_64.whl',
  'nvidia_cublas_cu12-12.9.9.tar.gz',
].map((name) => ({ name }));

it.each([
  ['>=12.5.3.2,<13', names[1]],
  ['>=12.5.3.2,<12.6', names[0]],
  ['==13.0.0.1', names[4]],
  ['==12.9.10.0', undefined],
])('selects the newest wheel in the range %s', (versions, expected) => {
  expect(selectWheel(names, request(versions))).toBe(expected);
});
