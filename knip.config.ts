import type { KnipConfig } from 'knip';

/** Unused files, exports and dependencies; what a package exports to others is checked by tooling/checks. */
const config: KnipConfig = {
  ignoreExportsUsedInFile: true,
  includeEntryExports: false,
  ignoreDependencies: ['@changesets/config'],
  ignoreBinaries: ['fish', 'mkfifo', 'mount', 'sha256sum', 'umount'], // of the system, in tests
  workspaces: {
    '.': { entry: ['prettier.config.mjs'], project: ['*.{mjs,ts}', 'tooling/prettier/**'] },
    'packages/*': {
      entry: [
        'src/{browser,index,image,model,node,options,page,testing}.ts',
        'src/**/*.test.ts',
        'test/**/*.{mjs,ts}',
        'bench/**',
        'scripts/**',
        // Bundled into a string by scripts/bundleClient.js.
        'src/page/client/main.ts',
        'bin/**',
        // Started by their path in a process or thread of their own.
        'src/**/{imageWorker,spreadsheetProcess,workerProcess,smokeTest,prebuiltBinding}.ts',
      ],
      project: ['src/**'],
      // Used by path, by a README's example, or as a peer's peer.
      ignoreDependencies: [
        'google-protobuf',
        '@nonlocal-med/nonlocal', // its version is recorded with a run
        '@fontsource/open-sans',
        'axe-core',
        '@tensorflow/tfjs',
      ],
    },
    'apps/*': {
      // optionsPage.ts is what `pnpm options` writes.
      entry: ['src/{main,commands}.ts', 'src/options/optionsPage.ts', 'src/**/*.test.ts'],
      project: ['src/**'],
      // Used by path: the page that `eval viewer` fills, and the script of a test in a browser.
      ignoreDependencies: ['viewer', 'axe-core'],
    },
    'apps/nonlocal-med': {
      entry: ['src/main.ts', 'src/**/*.test.ts', 'bin/**', 'scripts/**'],
      project: ['src/**'],
      // Those of the two apps that are bundled into it, and the page of the viewer.
      ignoreDependencies: ['@nonlocal-med/.*', '@tensorflow/.*', 'viewer'],
    },
    'tooling/testing': { entry: ['src/index.ts'] },
    'tooling/checks': {
      entry: ['src/**/*.test.ts', 'src/*.js'],
      project: ['src/**'],
      // Built before the checks run, so that turbo orders them.
      ignoreDependencies: [
        '@nonlocal-med/.*',
        '@tensorflow/tfjs-core', // of the project that examples run in
        'eval',
        'nonlocal-med',
        'trainer',
        'sharp',
        'yaml',
      ],
    },
    'tooling/site': {
      entry: ['names.js', 'pages.js'],
      ignoreDependencies: ['@types/node', 'typescript'],
    },
    examples: {
      entry: ['*.mjs', 'grad-cam-in-the-browser/main.ts', 'test/**/*.test.ts'],
      project: ['**/*.{mjs,ts}'],
    },
    benchmarks: {
      entry: ['*.mjs', 'sides/**', 'topics/**', 'test/**', 'src/**/*.test.ts'],
      project: ['**/*.{mjs,ts}'],
    },
  },
};
export { config as default };
