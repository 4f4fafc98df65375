export type { CurveKind } from './page/figure/classCurve.js';
export { curvesFigure, type CurvesFigureOptions } from './page/figure/curvesFigure.js';
export { learningRateFigure, type TestedLearningRates } from './page/figure/learningRateFigure.js';
export { pageStyles } from './page/pageStyle.js';
export { reportPage, type ReportPageOptions } from './page/reportPage.js';
export { writeReport, type ReportFile, type WriteReportOptions } from './page/writeReport.js';
