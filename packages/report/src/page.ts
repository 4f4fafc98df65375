export { reportPage, type ReportPageOptions } from './page/reportPage.js';
export { writeReport, type ReportFile, type WriteReportOptions } from './page/writeReport.js';
