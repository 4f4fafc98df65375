import { shownProbabilities } from '@nonlocal-med/classifier';
import type { ImageDecision } from '@nonlocal-med/metrics';
import { byId, type Content, element } from './element.js';
import { type ImageEntry, type ImageResult, pointName, unlikeWarning } from './imageEntry.js';
import { percentText, pointsText } from './numberText.js';
import type { PageClassifier } from './startModel.js';

/** More operating points are summarized in one column. */
const MOST_COLUMNS = 3;

/** Shows the results of all images; each name opens its image. */
export function renderTable(
  entries: readonly ImageEntry[],
  {
    classifier,
    current,
    onOpen,
  }: {
    readonly classifier: PageClassifier;
    readonly current: ImageEntry | null;
    readonly onOpen: (entry: ImageEntry) => void;
  },
): void {
  const results = entries.flatMap(({ outcome }) =>
    outcome !== null && 'result' in outcome ? [outcome.result] : [],
  );
  const points = results[0]?.decisions ?? [];
  const isWide = points.length > MOST_COLUMNS;
  const pointTitles = isWide
    ? ['Positive for']
    : points.map((point) => `Positive: ${pointName(point)}`);
  const predictedTitle = classifier.task === 'multilabel' ? 'Findings' : 'Most probable';
  const titles = ['Image', predictedTitle, ...pointTitles, 'Remarks'];
  byId('columns', HTMLTableSectionElement).replaceChildren(
    element('tr', {}, ...titles.map((title) => element('th', { scope: 'col' }, title))),
  );
  const rows = entries.map((entry) => {
    const open = element('button', { type: 'button', class: 'link' }, entry.id);
    open.addEventListener('click', () => onOpen(entry));
    const isCurrent = current?.id === entry.id && current.file === entry.file;
    return element(
      'tr',
      isCurrent ? { class: 'current' } : {},
      element('th', { scope: 'row' }, isOpenable(entry) ? open : entry.id),
      ...cellsOf(entry, { classifier, pointTitles, isWide }).map(({ title, content, kind = '' }) =>
        element('td', { 'data-title': title, class: kind }, ...content),
      ),
    );
  });
  byId('rows', HTMLTableSectionElement).replaceChildren(...rows);
}

const isOpenable = ({ outcome }: ImageEntry): boolean => outcome !== null && 'result' in outcome;

interface Cell {
  readonly title: string;
  readonly content: readonly Content[];
  readonly kind?: string;
}

function cellsOf(
  { outcome }: ImageEntry,
  {
    classifier,
    pointTitles,
    isWide,
  }: {
    readonly classifier: PageClassifier;
    readonly pointTitles: readonly string[];
    readonly isWide: boolean;
  },
): Cell[] {
  const title = classifier.task === 'multilabel' ? 'Findings' : 'Most probable';
  if (outcome === null || 'error' in outcome) {
    const text = outcome === null ? 'waiting' : `No result: ${outcome.error}`;
    const blanks = [title, ...pointTitles].map((name) => ({ title: name, content: [] }));
    return [...blanks, { title: 'Remarks', content: [text], kind: 'warned' }];
  }
  const { result } = outcome;
  const decisions = isWide
    ? [{ title: pointTitles[0], content: [positiveNames(result.decisions)] }]
    : result.decisions.map((decision, index) => decisionCell(decision, pointTitles[index]));
  const warning = unlikeWarning(result);
  const remarks = [...(warning === null ? [] : [warning]), ...outcome.notes].join(' ');
  return [
    { title, content: [predictedText(result)] },
    ...decisions,
    { title: 'Remarks', content: [remarks], kind: warning === null ? 'text' : 'warned' },
  ];
}

/** `lesions 83.2 %`; of findings, each with its own probability. */
function predictedText(result: ImageResult): string {
  const probabilities = shownProbabilities(result);
  const named = result.predicted.map(
    (label) => `${label} ${percentText(probabilities[result.labels.indexOf(label)])}`,
  );
  return named.length === 0 ? 'none reaches 50 %' : named.join(', ');
}

const decisionCell = ({ isPositive, margin }: ImageDecision, title: string): Cell => ({
  title,
  content: [
    `${isPositive ? 'yes' : 'no'}, ${pointsText(margin)} ${margin < 0 ? 'below' : 'above'}`,
  ],
  kind: isPositive ? 'positive' : '',
});

function positiveNames(decisions: readonly ImageDecision[]): string {
  const names = decisions.filter(({ isPositive }) => isPositive).map(pointName);
  return names.length === 0 ? 'none' : names.join(', ');
}
