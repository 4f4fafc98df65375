// The options of a run and their flags alone, for programs that list options without loading TF.js.
export { dataFlags, under } from './config/dataFlags.js';
export {
  choicesOfFlag,
  describeFlag,
  listRunSections,
  listSyntheticOptions,
  type OptionSection,
} from './config/listOptions.js';
export { type OptionFlag, optionsOfFlags, parseNumber } from './config/optionSources.js';
export { type ExportFormat, exportFormats } from './export/exportFormats.js';
