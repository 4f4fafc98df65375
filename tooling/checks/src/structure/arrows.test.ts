import { describe, expect, it } from 'vitest';
import { arrows, peersOfTfjs, withoutTfjs } from '../arrows.js';
import { findCycle } from '../findCycle.js';
import { importsOf, resolveRelative } from '../imports.js';
import { listPackages, sourceFiles } from '../workspace.js';

const scope = '@nonlocal-med/';
const packages = listPackages('packages');

describe('arrows between packages', () => {
  it('names every package once', () => {
    expect(packages.map((entry) => entry.shortName).sort()).toEqual(Object.keys(arrows).sort());
  });

  it.each(packages.map((entry) => [entry.shortName, entry] as const))(
    '%s imports only what lies below it',
    (name, entry) => {
      const wrong = sourceFiles(entry.folder).flatMap((file) =>
        importsOf(file)
          .filter(
            ({ specifier }) =>
              specifier.startsWith(scope) &&
              !arrows[name].includes(specifier.slice(scope.length).split('/')[0]),
          )
          .map(({ specifier }) => `${file}: ${specifier}`),
      );
      expect(wrong).toEqual([]);
    },
  );

  it('apps import packages by their public names, and never each other', () => {
    const allowed = new Set(
      packages.flatMap(({ manifest }) =>
        Object.keys(manifest.exports ?? {}).map((path) => manifest.name + path.slice(1)),
      ),
    );
    const wrong = listPackages('apps').flatMap(({ folder }) =>
      sourceFiles(folder).flatMap((file) =>
        importsOf(file)
          .filter(
            ({ specifier }) =>
              (specifier.startsWith(scope) && !allowed.has(specifier)) ||
              resolveRelative(file, specifier.startsWith('.') ? specifier : './').startsWith(
                folder,
              ) === false,
          )
          .map(({ specifier }) => `${file}: ${specifier}`),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('only packages that compute on tensors import TF.js, and only engine and apps import a backend', () => {
    const wrong = packages.flatMap(({ shortName, folder }) =>
      sourceFiles(folder).flatMap((file) =>
        importsOf(file)
          .filter(({ specifier, typeOnly }) => {
            if (!specifier.startsWith('@tensorflow/')) return false;
            if (withoutTfjs.includes(shortName)) return true;
            return (
              peersOfTfjs.includes(shortName) &&
              !typeOnly &&
              !['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers'].includes(specifier)
            );
          })
          .map(({ specifier }) => `${file}: ${specifier}`),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it.each([...packages, ...listPackages('apps')].map(({ folder }) => [folder]))(
    '%s has no import cycle by value',
    (folder) => {
      const files = sourceFiles(folder);
      const graph = new Map(
        files.map((file) => [
          file,
          importsOf(file)
            .filter(({ specifier, typeOnly }) => specifier.startsWith('.') && !typeOnly)
            .map(({ specifier }) => resolveRelative(file, specifier)),
        ]),
      );
      expect(findCycle(graph)).toBeUndefined();
    },
  );
});

describe('findCycle', () => {
  it('finds a cycle and accepts a diamond', () => {
    expect(
      findCycle(
        new Map([
          ['a', ['b']],
          ['b', ['c']],
          ['c', ['b']],
        ]),
      ),
    ).toEqual(['b', 'c', 'b']);
    expect(
      findCycle(
        new Map([
          ['a', ['b', 'c']],
          ['b', ['d']],
          ['c', ['d']],
          ['d', []],
        ]),
      ),
    ).toBeUndefined();
  });
});
