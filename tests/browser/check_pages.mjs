// Opens reports in Chromium, wide and narrow, light and dark, and looks at them as readers would.
//
//   node check_pages.mjs AXE_JS SHOTS_FOLDER NAME=PAGE...
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Chromium, Tally } from './chromium.mjs';

const [axe_file, shots, ...pages] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const layout = readFileSync(join(here, 'layout.js'), 'utf8');
const axe = readFileSync(axe_file, 'utf8');
const slice = 5000, most_slices = 4;  // of a screenshot, in pixels and number

/// What axe finds serious or critical.
async function accessibility(page) {
  await page.evaluate(`${axe}; undefined`);
  const violations = await page.evaluate(`axe.run(document, {resultTypes: ['violations']}).then(result => result.violations
      .filter(one => ['serious', 'critical'].includes(one.impact))
      .map(one => one.id + ' (' + one.impact + '): ' + one.help + ': ' + one.nodes.slice(0, 3).map(node => node.html.slice(0, 120)).join(' | ')))`);
  return violations;
}

async function shoot(page, name, width) {
  const height = await page.evaluate('document.documentElement.scrollHeight');
  for (let i = 0; i * slice < height && i < most_slices; ++i)
    writeFileSync(join(shots, `${name}-${i + 1}.png`), await page.screenshot(0, i * slice, width, Math.min(slice, height - i * slice)));
}

async function check(page, tally, name, file) {
  const url = pathToFileURL(resolve(file)).href;
  for (const width of [1280, 400]) {
    for (const scheme of ['light', 'dark']) {
      const look = `${name}, ${width} pixels, ${scheme}`;
      await page.look(width, 900, scheme);
      await page.open(url);
      await shoot(page, `${name}-${width}-${scheme}`, width);
      tally.check(`${look}: layout`, await page.evaluate(layout));
      await page.evaluate(`document.querySelectorAll('details').forEach(one => { one.open = true; })`);
      tally.check(`${look}, all unfolded: layout`, await page.evaluate(layout));
      tally.check(`${look}: accessibility`, await accessibility(page));
      tally.check(`${look}: requests`, page.requests.filter(one => one !== url));
      tally.check(`${look}: scripts`, page.scripts);
      tally.check(`${look}: dialogs`, page.dialogs);
      tally.check(`${look}: the browser's complaints`, page.complaints);
    }
  }
  await page.look(1000, 900, 'light', 'print');
  await page.open(url);
  await shoot(page, `${name}-print`, 1000);
  tally.check(`${name}, printed: layout`, await page.evaluate(layout));
}

const browser = await Chromium.launch();
const tally = new Tally();
try {
  const page = await browser.page();
  for (const argument of pages) {
    const at = argument.indexOf('=');
    await check(page, tally, argument.slice(0, at), argument.slice(at + 1));
  }
} finally {
  await browser.close();
}
tally.finish();
