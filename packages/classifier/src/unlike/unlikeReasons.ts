import {
  appearanceNames,
  fractionOf,
  LAYOUT_CELLS,
  type ViewStatistics,
} from '@nonlocal-med/data/image';
import type { TrainingStatistics } from '@nonlocal-med/runs/model';

type AppearanceName = (typeof appearanceNames)[number];

/** A statistic in which an image is unlike the training images. */
export interface UnlikeReason {
  readonly statistic: AppearanceName | 'layout';
  /** What is unusual, in words: `darker`. */
  readonly text: string;
  /** A fraction of white, or a ratio; for the layout, the brightness of a part in standard deviations. */
  readonly value: number;
  /** 98 % of the training images are between these values. */
  readonly low: number;
  readonly high: number;
}

/** How a statistic is called below and above its usual range. Of a family only one is named. */
const words: Record<AppearanceName, { family: string; below: string; above: string }> = {
  brightness: { family: 'light', below: 'darker', above: 'brighter' },
  contrast: { family: 'contrast', below: 'less contrast', above: 'more contrast' },
  'dark areas': { family: 'light', below: 'dark areas darker', above: 'dark areas brighter' },
  midtones: { family: 'light', below: 'midtones darker', above: 'midtones brighter' },
  'bright areas': {
    family: 'light',
    below: 'bright areas darker',
    above: 'bright areas brighter',
  },
  color: { family: 'color', below: 'less color', above: 'more color' },
  'red against blue': { family: 'color', below: 'bluer', above: 'redder' },
  'green against red and blue': { family: 'color', below: 'more purple', above: 'greener' },
  'fine detail': {
    family: 'detail',
    below: 'less fine detail, as in a blurred image',
    above: 'more fine detail or noise',
  },
  edges: { family: 'detail', below: 'weaker edges', above: 'stronger edges or noise' },
  'direction of edges': {
    family: 'direction',
    below: 'more horizontal structures',
    above: 'more vertical structures',
  },
  border: { family: 'border', below: 'darker border', above: 'brighter border' },
};

/** Less color than this is none to the eye. */
const NO_COLOR = 0.02;
/** A second statistic is named if it sticks out at least half as much as the first. */
const SECOND = 0.5;

/**
 * The one or two statistics in which an image sticks out most.
 * @param ratios distances of the two groups as multiples of the limit
 */
export function findReasons(
  image: ViewStatistics,
  statistics: TrainingStatistics,
  ratios: { readonly appearance: number; readonly layout: number },
): UnlikeReason[] {
  const appearance = ratios.appearance > 1 ? appearanceReasons(image, statistics) : [];
  const layout = ratios.layout > 1 ? [layoutReason(image, statistics)] : [];
  if (layout.length > 0 && appearance.length > 0 && ratios.layout > SECOND * ratios.appearance)
    appearance.length = 1;
  const ordered =
    ratios.layout > ratios.appearance ? [...layout, ...appearance] : [...appearance, ...layout];
  return ordered.slice(0, 2);
}

/** `darker (brightness 9 %; training images 31 to 62 %) and without color (color 0 %; training images 20 to 40 %)` */
export function describeReasons(reasons: readonly UnlikeReason[]): string {
  return reasons
    .map(({ statistic, text, value, low, high }) => {
      if (statistic === 'layout') return text;
      const unit = statistic === 'direction of edges' ? '' : ' %';
      const number = (x: number): string => (unit === '' ? x.toFixed(2) : percentage(x));
      const usual =
        number(low) === number(high) ? number(low) : `${number(low)} to ${number(high)}`;
      return `${text} (${statistic} ${number(value)}${unit}; training images ${usual}${unit})`;
    })
    .join(' and ');
}

function percentage(fraction: number): string {
  const percent = 100 * fraction;
  return Math.abs(percent) < 10 ? percent.toFixed(1) : percent.toFixed(0);
}

function appearanceReasons(
  { appearance }: ViewStatistics,
  { appearance: { mean, std, low, high } }: TrainingStatistics,
): UnlikeReason[] {
  const scores = appearance.map((value, index) => Math.abs(value - mean[index]) / std[index]);
  const first = Math.max(...scores);
  const families = new Map<string, number>();
  // The first of a family says most, if it sticks out, too.
  for (const [index, score] of scores.entries()) {
    const { family } = words[appearanceNames[index]];
    if (score >= SECOND * first && !families.has(family)) families.set(family, index);
  }
  const named = [...families.values()].sort((a, b) => scores[b] - scores[a]);
  return named.slice(0, 2).map((index) => {
    const name = appearanceNames[index];
    const [value, least, most] = [appearance[index], low[index], high[index]].map((number) =>
      rounded(fractionOf(name, number)),
    );
    const outside = appearance[index] < low[index] || appearance[index] > high[index];
    const text = outside
      ? wordOf(name, { value, low: least, high: most })
      : `unusual ${name} for such an image`;
    return { statistic: name, text, value, low: least, high: most };
  });
}

function wordOf(
  name: AppearanceName,
  { value, low, high }: { readonly value: number; readonly low: number; readonly high: number },
): string {
  if (name === 'color' && value < low && value < NO_COLOR) return 'without color';
  if (name === 'color' && value > high && high < NO_COLOR) return 'in color';
  return value < low ? words[name].below : words[name].above;
}

/** The part of the image whose relative brightness is most unusual. */
function layoutReason(
  { layout }: ViewStatistics,
  { layout: { mean, std, low, high } }: TrainingStatistics,
): UnlikeReason {
  const scores = layout.map((value, index) => Math.abs(value - mean[index]) / std[index]);
  const cell = scores.indexOf(Math.max(...scores));
  const side = layout[cell] > mean[cell] ? 'brighter' : 'darker';
  return {
    statistic: 'layout',
    text: `bright and dark areas in other places, as in a turned, inverted or cropped image (${side} at the ${placeOf(cell)})`,
    value: rounded(layout[cell]),
    low: rounded(low[cell]),
    high: rounded(high[cell]),
  };
}

/** `top left`, `bottom`, `left`, `center`: where a cell is. */
function placeOf(cell: number): string {
  const last = LAYOUT_CELLS - 1;
  const place = (index: number, names: readonly [string, string]): string =>
    index === 0 ? names[0] : index === last ? names[1] : '';
  const row = place(Math.floor(cell / LAYOUT_CELLS), ['top', 'bottom']);
  const column = place(cell % LAYOUT_CELLS, ['left', 'right']);
  return [row, column].filter((name) => name !== '').join(' ') || 'center';
}

const rounded = (value: number): number => Number(value.toFixed(4));
