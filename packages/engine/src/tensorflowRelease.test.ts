import { UnavailableError } from '@nonlocal-med/core';
import { expect, it } from 'vitest';
import type { Device } from './engineInfo.js';
import { supportedPlatforms, tensorflowRelease } from './tensorflowRelease.js';

it.each(supportedPlatforms)('pins a wheel and its libraries for %s', (name) => {
  const [platform, arch, device] = name.split('-');
  const { request, sha256, size, libraries } = tensorflowRelease(device as Device, {
    platform,
    arch,
  });
  expect(request).toMatchObject({ versions: '==2.21.0', size });
  expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(libraries).toHaveLength(2);
});

it('lists the supported platforms if there is no wheel', () => {
  expect(() => tensorflowRelease('cpu', { platform: 'win32', arch: 'x64' })).toThrow(
    UnavailableError,
  );
  expect(() => tensorflowRelease('cuda', { platform: 'linux', arch: 'arm64' })).toThrow(
    'linux-arm64-cuda (only for linux-x64-cpu',
  );
});
