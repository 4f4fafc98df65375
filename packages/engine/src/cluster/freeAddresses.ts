import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/**
 * Addresses for the members of a cluster on this machine alone: the loopback interface with ports that are free now. Another
 * program can take a port before a member listens there; that member then fails with an UnavailableError.
 * @param count of members
 * @returns `127.0.0.1:PORT`, all different
 * @example
 * ```ts
 * import { freeAddresses } from '@nonlocal-med/engine';
 *
 * const members = await freeAddresses(2);
 * console.log(new Set(members).size); // 2
 * ```
 */
export async function freeAddresses(count: number): Promise<string[]> {
  // All are open at once, so that no port is given twice.
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports.map((port) => `127.0.0.1:${port}`);
}
