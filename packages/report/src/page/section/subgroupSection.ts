import { commandLine } from '@nonlocal-med/core';
import {
  defaultSubgroupRules,
  evaluateSubgroups,
  type SubgroupDivision,
  type SubgroupRule,
  type SubgroupsReport,
} from '@nonlocal-med/metrics';
import type { WeightsChoice } from '@nonlocal-med/runs';
import {
  describeMeasures,
  measured,
  type SubgroupMeasure,
  subgroupMeasures,
  subgroupRemarks,
} from '../../subgroups/subgroupMeasures.js';
import { differenceText } from '../../subgroups/subgroupsToText.js';
import { formatEstimate } from '../../tables/numberText.js';
import type { Table } from '../../tables/table.js';
import { weightsTitle } from '../../tables/weightsTitle.js';
import { figureBlock } from '../figure/figureBlock.js';
import { forestPlot } from '../figure/forestPlot.js';
import { html, type Markup } from '../html/html.js';
import { type PageModel, resultsWith } from '../pageModel.js';
import type { PageSection } from '../pageSection.js';

/** Images times classes times attributes that are resampled without being asked for; more would take minutes. */
const MOST_WORK = 15_000;

/** Which subgroups a page shows. */
export interface SubgroupSectionOptions {
  /** Default: every attribute that the runs kept, if it has few values or is an age. */
  readonly by?: readonly SubgroupRule[];
  readonly weights: WeightsChoice;
}

/**
 * Forest plots of the results by subgroup, of the first repeat of each model whose run kept attributes of its test images.
 * @returns null if no run did, or if there is nothing to divide by
 * @throws InputError when an attribute in `by` does not exist
 */
export function subgroupSection(
  models: readonly PageModel[],
  { by, weights }: SubgroupSectionOptions,
): PageSection | null {
  const isSingle = models.length === 1;
  const parts = models.flatMap((model) => modelPart(model, { by, weights, isSingle }));
  if (parts.length === 0) return null;
  const isRepeated = models.some(({ runs }) => runs.length > 1);
  return {
    id: 'subgroups',
    title: 'Subgroups',
    body: html`<p>
        Are the results the same for all groups of patients and devices? A dot is the value in a
        group, with its 95 % confidence interval; the number behind its name counts its images, and
        the dashed line is the value on all images. Results are those of the
        ${weightsTitle[weights]}${isRepeated && ', first repeat'}.
      </p>
      ${parts}`,
  };
}

function modelPart(
  { title, style, runs: [run] }: PageModel,
  { by, weights, isSingle }: SubgroupSectionOptions & { readonly isSingle: boolean },
): Markup[] {
  const { predictions } = resultsWith(run, weights);
  const { attributes = {}, ids } = predictions;
  const rules = by ?? defaultSubgroupRules(attributes);
  if (rules.length === 0 || Object.keys(attributes).length === 0) return [];
  const heading = isSingle ? null : html`<h3>${title}</h3>`;
  const names = rules.map(({ name }) => name).join(',');
  if (by === undefined && ids.length * run.metrics.classes.length * rules.length > MOST_WORK)
    return [
      html`<div class="${style.cssClass}">
        ${heading}
        <p>
          The test set is large, so results by ${names} are computed on request only:
          <code>${commandLine('eval', 'evaluate', run.displayPath, '--by', names)}</code>, or
          <code>${commandLine('eval', 'report', run.displayPath, '--by', names)}</code> for this
          page.
        </p>
      </div>`,
    ];
  const report = evaluateSubgroups(predictions, {
    by: rules,
    bootstrap: { seed: run.config?.seed ?? 0 },
  });
  return [
    html`<div class="${style.cssClass}">
      ${heading}
      <p class="note">${describeMeasures(report)}</p>
      ${report.divisions.map((division) => divisionPart(report, division, { title, style, isSingle }))}
      <ul class="note">
        ${subgroupRemarks(report).map((remark) => html`<li>${remark}</li>`)}
      </ul>
    </div>`,
  ];
}

function divisionPart(
  report: SubgroupsReport,
  division: SubgroupDivision,
  { title, style, isSingle }: Pick<PageModel, 'title' | 'style'> & { readonly isSingle: boolean },
): Markup {
  const heading = `By ${division.by}`;
  return html`${isSingle ? html`<h3>${heading}</h3>` : html`<h4>${heading}</h4>`}
    <div class="grid">
      ${subgroupMeasures(report).map((measure) => {
        const name = `${isSingle ? '' : `${title}: `}${measure.title} by ${division.by}`;
        return figureBlock({
          title: name,
          plot: forestPlot({
            rows: division.groups.map((group) => {
              const { value, interval } = measured(group, measure);
              return { name: group.name, images: group.samples, value, interval: interval ?? null };
            }),
            overall: measured(report.overall, measure).value,
            style,
            label: `Forest plot: ${name}; the numbers follow as a table`,
          }),
          numbers: numbersOf(report, division, measure),
        });
      })}
    </div>`;
}

/** The groups with their values and differences to the reference. */
function numbersOf(
  report: SubgroupsReport,
  { reference, groups }: SubgroupDivision,
  measure: SubgroupMeasure,
): Table {
  const showPatients = report.overall.groups !== undefined;
  return {
    columns: [
      { title: 'group' },
      { title: 'images', align: 'right' },
      ...(showPatients ? [{ title: 'patients', align: 'right' as const }] : []),
      { title: measure.title, align: 'right' },
      { title: `difference to ${reference ?? 'none'}`, align: 'right' },
    ],
    rows: [...groups, report.overall].map((group) => {
      const metric = measured(group, measure);
      return [
        group.name,
        String(group.samples),
        ...(showPatients ? [String(group.groups)] : []),
        formatEstimate(metric),
        metric.difference === undefined ? '' : differenceText(metric.difference),
      ];
    }),
  };
}
