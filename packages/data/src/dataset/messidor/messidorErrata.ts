const base33 = (left: string, right: string): readonly [string, string] =>
  [left, right].map((name) => `${name.includes('_') ? name : `20051202_${name}`}_0400_pp`) as [
    string,
    string,
  ];

/**
 * What the publishers of MESSIDOR corrected (adcis.net, dated below), by image key. Spec section 8.1.
 */
export const messidorErrata = {
  /** Retinopathy grades as they should be: 31 August 2016 (the first) and 24 October 2016. */
  retinopathy: new Map([
    ['20051020_63045_0100_pp', 0],
    ['20051020_64007_0100_pp', 3],
    ['20051020_63936_0100_pp', 1],
    ['20060523_48477_0100_pp', 3],
  ]),
  /** Pairs in Base33 that show the same image, 16 August 2017; the first of a pair is kept. */
  duplicates: [
    base33('55582', '54744'),
    base33('41076', '40508'),
    base33('48287', '41238'),
    base33('48586', '41260'),
    base33('55457', '54530'),
    base33('55626', '20051205_33025'),
    base33('54783', '55607'),
    base33('48575', '41034'),
    base33('20051205_32966', '20051205_35099'),
    base33('55484', '54555'),
    base33('20051205_32981', '20051205_35110'),
    base33('55562', '54611'),
    base33('54547', '55498'),
  ],
} as const;
