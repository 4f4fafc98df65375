/** What a package's README tells its readers to install, and the code it shows. */
export interface ReadmeExample {
  /** Names after `npm install` in the first block of the shell. */
  readonly install: readonly string[];
  /** Commands after `npx` in the same block. */
  readonly commands: readonly string[];
  /** All ```ts blocks, one after the other. */
  readonly shown: string;
  /** Those that can be run: without ```ts no-run blocks. */
  readonly code: string;
}

/** Reads the installation and the ```ts blocks of a README. */
export function readmeExample(readme: string): ReadmeExample {
  const shell = /```sh\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const install = /^npm install ([^#\n]+)/m.exec(shell)?.[1] ?? '';
  const blocks = [...readme.matchAll(/```ts( no-run)?\n([\s\S]*?)```/g)].map(([, noRun, code]) => ({
    runs: noRun === undefined,
    code,
  }));
  return {
    install: install.trim().split(/\s+/).filter(Boolean),
    commands: [...shell.matchAll(/^npx (\S+)/gm)].map(([, name]) => name),
    shown: blocks.map(({ code }) => code).join('\n'),
    code: blocks
      .filter(({ runs }) => runs)
      .map(({ code }) => code)
      .join('\n'),
  };
}
