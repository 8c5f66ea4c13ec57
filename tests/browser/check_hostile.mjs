// 10,000 hostile texts in every place of the HTML report, opened in Chromium: none runs, none asks for anything, all can be read.
//
//   node check_hostile.mjs EARSHOT SAMPLE_PAGES FOLDER
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Chromium, Tally } from './chromium.mjs';
import { payloads, printable } from './payloads.mjs';

const [earshot, sample_pages, folder] = process.argv.slice(2).map(path => resolve(path));
const total = 10_000, a_page = 1_000;
const options = { maxBuffer: 1 << 30, stdio: ['pipe', 'pipe', 'pipe'] };

/// What is in the document that earshot does not write, as sentences.
const strangers = `(() => {
  const ours = new Set(('html head meta title style body a header p h1 h2 h3 dl div dt dd nav ul li main section svg circle path article b span small ' +
    'figure figcaption desc defs pattern rect line text polygon polyline g details summary table caption thead tbody tr th td strong code time bdi footer').split(' '));
  const found = [];
  for (const element of document.querySelectorAll('*')) {
    if (!ours.has(element.tagName.toLowerCase())) found.push('element ' + element.outerHTML.slice(0, 100));
    for (const attribute of element.attributes)
      if (/^(on|style$|srcdoc$|src$|action$|formaction$|background$|xlink:)/i.test(attribute.name)) found.push('attribute ' + attribute.name + '=' + attribute.value.slice(0, 80));
    const href = element.getAttribute('href');
    if (href !== null && !/^(#|https?:\\/\\/)/i.test(href)) found.push('link to ' + href.slice(0, 80));
    if (href !== null && !href.startsWith('#') && element.rel !== 'noopener noreferrer nofollow') found.push('rel of ' + href.slice(0, 80));
  }
  for (const one of ['body', 'main', 'title', 'style', 'h1'])
    if (document.querySelectorAll(one === 'title' ? 'head title' : one).length !== 1) found.push('not one ' + one);
  return found;
})()`;

async function check_page(page, tally, name, file, asked) {
  const url = pathToFileURL(file).href;
  for (const bypass of [false, true]) {  // the policy must not be what saves us
    const what = `${name}${bypass ? ', without its policy' : ''}`;
    await page.send('Page.setBypassCSP', { enabled: bypass });
    await page.open(url);
    await page.evaluate(`document.querySelectorAll('details').forEach(one => { one.open = true; }); new Promise(resolve => setTimeout(resolve, 200))`);
    tally.check(`${what}: scripts`, page.scripts);
    tally.check(`${what}: dialogs`, page.dialogs);
    tally.check(`${what}: requests`, [...page.requests.filter(one => one !== url), ...asked.splice(0)]);
    tally.check(`${what}: the browser's complaints`, page.complaints);
  }
  await page.send('Page.setBypassCSP', { enabled: false });
  tally.check(`${name}: nothing but what earshot writes`, await page.evaluate(strangers));
}

function differences(actual, expected) {
  const problems = [];
  if (actual.length !== expected.length) problems.push(`${actual.length} texts in place of ${expected.length}`);
  for (let i = 0; i < Math.min(actual.length, expected.length); ++i)
    if (actual[i] !== expected[i]) problems.push(`${JSON.stringify(actual[i])} in place of ${JSON.stringify(expected[i])}`);
  return problems;
}

/// Each text in a report made by hand, with everything a report can hold.
async function check_by_hand(page, tally, texts, asked) {
  for (let begin = 0; begin < texts.length; begin += a_page) {
    const part = texts.slice(begin, begin + a_page);
    const name = `hostile texts ${begin + 1} to ${begin + part.length}`;
    const file = join(folder, `by-hand-${begin / a_page}.html`);
    writeFileSync(file, execFileSync(sample_pages, ['--hostile'], { ...options, input: part.map(text => text + '\0').join('') }));
    await check_page(page, tally, name, file, asked);
    const texts_of = selector => page.evaluate(`[...document.querySelectorAll(${JSON.stringify(selector)})].map(one => one.textContent)`);
    tally.check(`${name}: posts can be read`, differences(await texts_of('.post .said'), part.map(text => printable(text, true))));
    tally.check(`${name}: authors can be read`, differences(await texts_of('.post .author'), part.map(text => printable(text, false))));
    const bars = await page.evaluate(`[...document.querySelectorAll('#all-bars rect.track > title')].map(one => one.textContent)`);
    tally.check(`${name}: charts can be read`, differences(bars, part.map(text => `${printable(text, false)}: 48.0 %, 40.1 to 56.0`)));
    rmSync(file);
  }
}

/// The same texts as posts that earshot reads, labels and reports.
async function check_ingested(page, tally, texts, asked) {
  const quoted = text => JSON.stringify(text).replaceAll('\u007f', '\\u007f');
  const posts = texts.map((text, i) => JSON.stringify({
    id: `${i}-${text.slice(0, 60)}`, text: `shop ${text}`, created_at: new Date(Date.UTC(2026, 7, 1) + i * 240_000).toISOString(), author: text, author_id: text,
    channel: text, url: i % 2 ? text : `https://a.example/${i}/${text}` }));
  writeFileSync(join(folder, 'posts.jsonl'), posts.join('\n') + '\n');
  const config = [`[project]\nname = ${quoted(texts[0])}\ntimezone = "UTC"\n[store]\npath = "hostile.store"\n[brand]\nname = ${quoted(texts[1])}\nquery = "shop"`];
  for (let i = 0; i < 20; ++i) config.push(`[[competitor]]\nname = ${quoted(texts[10 + i])}\nquery = "alert"`);
  for (let i = 0; i < 40; ++i) config.push(`[[topic]]\nname = ${quoted(texts[40 + i])}\nquery = "shop"`);
  writeFileSync(join(folder, 'hostile.toml'), config.join('\n') + '\n');
  const run = (...args) => execFileSync(earshot, ['--config', join(folder, 'hostile.toml'), ...args], { ...options, cwd: folder });
  run('ingest', '--name', texts[2].replaceAll(/[\n\t\f]/g, ' '), 'posts.jsonl');
  run('analyze');
  const show = run('report', '--help').toString().includes('--show') ? ['--show'] : [];
  run('report', '--since', '2026-08-01', '--until', '2026-09-01', '--evidence', '--evidence-limit', '500', ...show, '--explain', '--format', 'html', '--output', 'ingested.html');
  const file = join(folder, 'ingested.html');
  await check_page(page, tally, 'hostile posts, ingested', file, asked);
  const title = await page.evaluate('document.querySelector("h1").textContent');
  tally.check('hostile posts, ingested: the title can be read', differences([title], [printable(texts[0], false)]));
  const channels = new Set(await page.evaluate(`[...document.querySelectorAll('table')].filter(one => one.caption.textContent === 'Channels')
      .flatMap(one => [...one.querySelectorAll('tbody th')].map(cell => cell.textContent))`));
  tally.check('hostile posts, ingested: there are channels', channels.size > total / 2 ? [] : [`${channels.size} of them`]);
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const asked = [];
const server = createServer((request, response) => {
  asked.push(`the canary was asked for ${request.url}`);
  response.end();
});
await new Promise(done => server.listen(0, '127.0.0.1', done));
const texts = payloads(`http://127.0.0.1:${server.address().port}/canary`, total);
const tally = new Tally();
const browser = await Chromium.launch();
try {
  const page = await browser.page();
  await check_by_hand(page, tally, texts, asked);
  await check_ingested(page, tally, texts, asked);
} finally {
  await browser.close();
  server.close();
}
tally.finish();
