import { shownProbabilities } from '@nonlocal-med/classifier';
import type { ImageDecision } from '@nonlocal-med/metrics';
import { byId, type Content, element } from './element.js';
import {
  type ImageEntry,
  type ImageResult,
  isWithheld,
  pointName,
  unlikeWarning,
} from './imageEntry.js';
import { percentText, pointsText } from './numberText.js';
import type { PageClassifier } from './startModel.js';

/** More operating points are summarized in one column. */
const MOST_COLUMNS = 3;

/** What the table shows. */
interface TableContent {
  readonly classifier: PageClassifier;
  readonly current: ImageEntry | null;
  readonly onOpen: (entry: ImageEntry) => void;
}

/** The rows that are shown, of the columns in `shownTitles`. An entry is replaced when it has a result, and so is its row. */
let shownRows = new WeakMap<ImageEntry, HTMLTableRowElement>();
let shownTitles = '';

/**
 * Shows the results of all images; each name opens its image. Rows that have not changed stay where they are, so that a
 * focused name keeps the focus and many images cost no more each than few.
 */
export function renderTable(
  entries: readonly ImageEntry[],
  { classifier, current, onOpen }: TableContent,
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
  showTitles(['Image', predictedTitle, ...pointTitles, 'Remarks']);
  const rows = entries.map((entry) => {
    const row = shownRows.get(entry) ?? newRow(entry, { classifier, pointTitles, isWide }, onOpen);
    shownRows.set(entry, row);
    const isCurrent = current?.id === entry.id && current.file === entry.file;
    row.classList.toggle('current', isCurrent);
    row.querySelector('button')?.setAttribute('aria-current', String(isCurrent));
    return row;
  });
  showRows(byId('rows', HTMLTableSectionElement), rows);
}

function showTitles(titles: readonly string[]): void {
  const joined = titles.join('\n');
  if (joined === shownTitles) return;
  shownTitles = joined;
  shownRows = new WeakMap();
  byId('columns', HTMLTableSectionElement).replaceChildren(
    element('tr', {}, ...titles.map((title) => element('th', { scope: 'col' }, title))),
  );
}

/** Inserts what is new and removes what is gone. */
function showRows(body: HTMLTableSectionElement, rows: readonly HTMLTableRowElement[]): void {
  const wanted = new Set<Element>(rows);
  for (const row of [...body.children]) if (!wanted.has(row)) row.remove();
  let next = body.firstElementChild;
  for (const row of rows) {
    if (row === next) next = next.nextElementSibling;
    else body.insertBefore(row, next);
  }
}

function newRow(
  entry: ImageEntry,
  columns: Columns,
  onOpen: (entry: ImageEntry) => void,
): HTMLTableRowElement {
  const open = element('button', { type: 'button', class: 'link' }, entry.id);
  open.addEventListener('click', () => onOpen(entry));
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, isOpenable(entry) ? open : entry.id),
    ...cellsOf(entry, columns).map(({ title, content, kind = '' }) =>
      element('td', { 'data-title': title, class: kind }, ...content),
    ),
  );
}

/** How results become cells. */
interface Columns {
  readonly classifier: PageClassifier;
  readonly pointTitles: readonly string[];
  readonly isWide: boolean;
}

const isOpenable = ({ outcome }: ImageEntry): boolean => outcome !== null && 'result' in outcome;

interface Cell {
  readonly title: string;
  readonly content: readonly Content[];
  readonly kind?: string;
}

function cellsOf(entry: ImageEntry, { classifier, pointTitles, isWide }: Columns): Cell[] {
  const { outcome } = entry;
  const title = classifier.task === 'multilabel' ? 'Findings' : 'Most probable';
  const warning = unlikeWarning(entry);
  if (outcome === null || 'error' in outcome || isWithheld(entry)) {
    const text =
      outcome === null
        ? 'waiting'
        : 'error' in outcome
          ? `No result: ${outcome.error}`
          : [warning!, ...outcome.notes].join(' ');
    const blanks = [title, ...pointTitles].map((name) => ({ title: name, content: [] }));
    return [...blanks, { title: 'Remarks', content: [text], kind: 'warned' }];
  }
  const { result } = outcome;
  const decisions = isWide
    ? [{ title: pointTitles[0], content: [positiveNames(result.decisions)] }]
    : result.decisions.map((decision, index) => decisionCell(decision, pointTitles[index]));
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
