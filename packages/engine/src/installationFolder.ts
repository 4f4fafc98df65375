import { join } from 'node:path';
import { cacheRoot } from '@nonlocal-med/core/node';
import { bindingHash } from './bindingHash.js';
import type { Device } from './engineInfo.js';
import { tensorflowRelease } from './tensorflowRelease.js';

/** The folder that holds all installations. */
export function installationsFolder(): string {
  return join(cacheRoot(), 'engine');
}

/**
 * Where the installation for a device is or would be; named after all that it depends on.
 * @throws UnavailableError on a platform that native TensorFlow does not support.
 */
export function installationFolder(device: Device): string {
  const { version } = tensorflowRelease(device);
  return join(
    installationsFolder(),
    `tensorflow-${version}-${process.platform}-${process.arch}-${device}-${bindingHash()}`,
  );
}
