// The script of the page. It runs in the reader's browser, bundled into one file by scripts/bundleClient.js.
import { startChoices } from './choices.js';
import { startGallery } from './gallery.js';

startChoices();
startGallery();
