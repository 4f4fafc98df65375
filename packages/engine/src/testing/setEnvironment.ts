import { afterEach } from 'vitest';

/** Sets variables of the environment until the test ends; `undefined` removes one. */
export function setEnvironment(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (!saved.has(name)) saved.set(name, process.env[name]);
    assign(name, value);
  }
}

const saved = new Map<string, string | undefined>();

/** Restores the environment after each test of the file. */
export function restoreEnvironment(): void {
  afterEach(() => {
    for (const [name, value] of saved) assign(name, value);
    saved.clear();
  });
}

function assign(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
