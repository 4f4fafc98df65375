import { expect, it } from 'vitest';
import { proxyFor } from './proxyFor.js';

it.each([
  [{}, 'https://a.example/', undefined],
  [{ HTTPS_PROXY: 'http://proxy:3128' }, 'https://a.example/', 'http://proxy:3128/'],
  [{ HTTPS_PROXY: 'http://proxy:3128' }, 'http://a.example/', undefined],
  [{ http_proxy: 'proxy:3128' }, 'http://a.example/', 'http://proxy:3128/'],
  [
    { PIP_PROXY: 'http://pip:1', HTTPS_PROXY: 'http://proxy:3128' },
    'https://a.example/',
    'http://pip:1/',
  ],
  [{ ALL_PROXY: 'http://all:1' }, 'https://a.example/', 'http://all:1/'],
  [
    { HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: 'b.example, .example' },
    'https://a.example/',
    undefined,
  ],
  [
    { HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: 'a.example:8443' },
    'https://a.example/',
    'http://proxy:3128/',
  ],
  [{ HTTPS_PROXY: 'http://proxy:3128', no_proxy: '*' }, 'https://a.example/', undefined],
])('with %j for %s is %s', (env, url, expected) => {
  expect(proxyFor(new URL(url), env)?.href).toBe(expected);
});
