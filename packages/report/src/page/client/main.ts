// The script of the page. It runs in the reader's browser, bundled into one file by scripts/bundleClient.js.
import { startCells } from './cells.js';
import { startChoices } from './choices.js';
import { startGallery } from './gallery.js';
import { createImageList } from './imageList.js';
import { startOperatingPoints } from './operatingPoint.js';
import type { PredictionsData } from './predictionsData.js';
import { startScrollHints } from './scrollHints.js';

startChoices();
const gallery = startGallery();
const predictions = document.getElementById('predictions-data');
if (predictions !== null) {
  const data = JSON.parse(predictions.textContent ?? '') as PredictionsData;
  const list = createImageList(gallery);
  startCells(data, list);
  startOperatingPoints(data, list);
}
startScrollHints();
