/** CLAHE against OpenCV, one thread each. */
export const clahe = {
  title: 'CLAHE of a grayscale image, 8 x 8 tiles, clip limit 2, one thread',
  cases: ({ quick }) => (quick ? [96] : [96, 224, 386, 512, 1024]).map(claheCase),
};

const claheCase = (size) => {
  const input = { size, repeat: Math.max(10, Math.round(5e6 / size ** 2)) };
  return {
    name: `${size} x ${size}`,
    facts: { size },
    sides: [
      { side: 'ours', script: 'clahe.mjs', input },
      { side: 'OpenCV', script: 'clahe.py', input },
    ],
    remarksOn(ours, opencv) {
      if (opencv !== undefined && ours.hash !== opencv.hash)
        throw new Error(`CLAHE differs from OpenCV's at ${size} x ${size}`);
      return opencv === undefined ? [] : ['equal to OpenCV bit for bit'];
    },
  };
};
