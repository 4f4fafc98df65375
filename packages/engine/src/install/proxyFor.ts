/**
 * The proxy that the environment names for an address (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, pip's `PIP_PROXY`;
 * lower case first), or none. Hosts in `NO_PROXY` and their sub-domains go without.
 */
export function proxyFor(url: URL, env: NodeJS.ProcessEnv = process.env): URL | undefined {
  const read = (name: string): string => env[name.toLowerCase()] || env[name] || '';
  const proxy =
    env.PIP_PROXY ||
    read(url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY') ||
    read('ALL_PROXY');
  if (proxy === '') return undefined;
  const host = url.hostname.toLowerCase();
  for (const entry of read('NO_PROXY')
    .toLowerCase()
    .split(/[\s,]+/)) {
    const [name, port] = entry.replace(/^\*?\./, '').split(':');
    if (
      name === '' ||
      (port !== undefined && port !== (url.port || (url.protocol === 'https:' ? '443' : '80')))
    )
      continue;
    if (name === '*' || host === name || host.endsWith(`.${name}`)) return undefined;
  }
  return new URL(proxy.includes('://') ? proxy : `http://${proxy}`);
}
