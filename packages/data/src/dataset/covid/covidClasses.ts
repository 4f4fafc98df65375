/** Classes of the COVID-19 Radiography Database; folders' names differ between its releases. */
export const covidClasses = ['COVID-19', 'Lung_Opacity', 'Normal', 'Viral Pneumonia'] as const;

export type CovidClass = (typeof covidClasses)[number];
