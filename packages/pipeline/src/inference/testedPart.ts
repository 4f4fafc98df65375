import type { NotedDataset } from '../data/runData.js';

/**
 * The part of a data set that a model from elsewhere is tested on: the test set of the split that is given with it, if
 * there is one; otherwise all of it.
 */
export function testedPart(
  dataset: Pick<NotedDataset, 'task' | 'classes' | 'samples' | 'givenSplit'>,
  onNote?: (line: string) => void,
): Pick<NotedDataset, 'task' | 'classes' | 'samples'> {
  const { givenSplit, classes, samples } = dataset;
  if (givenSplit === undefined) return dataset;
  const test = samples.filter(({ split }) => split === 'test');
  if (test.length === 0) {
    onNote?.('The given split has no test set: all images are tested.');
    return dataset;
  }
  if (test.length < samples.length)
    onNote?.(
      `Only the test set of the given split is tested, ${test.length} of ${samples.length} images (--given-split ignore tests all).`,
    );
  if (dataset.task === 'multilabel') return { ...dataset, samples: test };
  const present = classes.filter((_, label) => test.some((sample) => sample.label === label));
  return {
    classes: present,
    samples: test.map((sample) => ({
      ...sample,
      label: present.indexOf(classes[sample.label]),
    })),
  };
}
