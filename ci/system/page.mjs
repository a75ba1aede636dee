// node page.mjs BROWSER REPORT.html ATLAS.html FOLDER: tries a report of ci/system/hostile-results in Chromium, and an atlas of
// such; prints "ok<TAB>what" or "failed<TAB>what: seen", and leaves screenshots in FOLDER.
import { chromium } from 'playwright-core';

const [program, report, atlas, folder] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
const say = (good, what, seen) => console.log(good ? 'ok\t' + what : 'failed\t' + what + ': ' + String(seen).replace(/\s+/g, ' ').slice(0, 300));

async function open(hash, options, file = report) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.troubles = [];
  page.requests = [];
  page.on('pageerror', error => page.troubles.push(error.message));
  page.on('console', message => { if (message.type() === 'error') page.troubles.push(message.text()); });
  page.on('request', request => { if (!request.url().startsWith('file:')) page.requests.push(request.url()); });
  await page.goto('file://' + file + hash);
  return page;
}
const firstPaint = page => page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime);
const width = page => page.evaluate(() => document.documentElement.scrollWidth);
const title = page => page.textContent('#cells-title');

{
  const page = await open('');
  const paint = await firstPaint(page);
  say(paint < 1000, '5,001 results paint within a second', paint + ' ms');
  say(await title(page) === 'Cells: 5001 of 5001', 'all cells are counted', await title(page));
  say(page.troubles.length === 0, 'the page has no errors', page.troubles);
  say(page.requests.length === 0, 'the page asks nobody for anything', page.requests);
  say((await page.textContent('#alarm')).includes('reported clean'), 'silent misses are a headline', await page.textContent('#alarm'));
  await page.screenshot({ path: folder + '/page-light.png' });
  const began = Date.now();
  await page.fill('#search', 'case-7 fix-failed');
  const took = Date.now() - began;
  say(took < 500, 'a search is fluid', took + ' ms');
  say(/^Cells: \d+ of 5001$/.test(await title(page)) && await title(page) !== 'Cells: 5001 of 5001', 'a search narrows', await title(page));
  say(page.url().includes('q=case-7+fix-failed'), 'the search is in the address', page.url());
}
{
  const page = await open('#outcomes=mismatch&q=image-7');
  const words = await page.$$eval('#cells summary', nodes => nodes.map(node => node.textContent));
  say(words.length > 0 && words.every(word => word.includes('fix-failed') && word.includes('image-7')), 'a link with a filter shows what its sender saw', words[0]);
  say(await page.isChecked('#outcomes input[value=mismatch]'), '… and the filter is ticked', 'it is not');
}
{
  const page = await open('#' + new URLSearchParams({ cell: 'image-7 case-0 7' }));
  const open_ = await page.$eval('#cells details.cell', node => node.open && node.textContent.includes('Run it again'));
  say(open_ && await title(page) === 'Cells: 1 of 5001', 'a link shows one cell, open', await title(page));
}
{
  const page = await open('');
  await page.keyboard.press('/');
  await page.keyboard.type('number-is-none');
  say(await title(page) === 'Cells: 0 of 5001', 'the slash key leads to the search', await title(page));
  await page.keyboard.press('Control+A');
  await page.keyboard.type('image-3 case-2');
  let reached = false;
  for (let i = 0; i < 40 && !reached; ++i) {
    await page.keyboard.press('Tab');
    reached = await page.evaluate(() => document.activeElement.tagName === 'BUTTON' && document.activeElement.id === 'clear');
  }
  await page.keyboard.press('Enter');
  say(reached && await title(page) === 'Cells: 5001 of 5001', 'the keyboard reaches the filters', await title(page));
  await page.focus('#cells details.cell summary');
  await page.keyboard.press('Enter');
  await page.waitForTimeout(200);
  say(await page.$eval('#cells details.cell', node => node.open && node.querySelector('.inside') !== null), 'the keyboard opens a cell', 'it does not');
}
{
  const page = await open('#q=document.title');
  await page.click('#cells details.cell summary');
  await page.waitForTimeout(200);
  for (const node of await page.$$('#cells details.cell details > summary')) await node.click().catch(() => {});
  const found = await page.evaluate(() => ({ title: document.title, scripts: document.scripts.length, images: document.images.length, shown: document.querySelector('#cells').textContent.includes('<img src=x onerror') }));
  say(found.title !== 'owned' && found.scripts === 2 && found.images === 0 && found.shown, 'what a guest prints is text, never markup or script', JSON.stringify(found));
  say(page.troubles.length === 0, '… and breaks nothing', page.troubles);
}
{
  const page = await open('', { colorScheme: 'dark', viewport: { width: 390, height: 800 } });
  const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  say(await width(page) <= 390, 'the page fits a phone', await width(page) + ' px');
  say(paper === 'rgb(22, 24, 28)', 'the page is dark where that is wanted', paper);
  await page.screenshot({ path: folder + '/page-dark-phone.png' });
}
{
  const page = await open('#q=image-1+case-3');
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  say(await page.$$eval('#cells details.cell', nodes => nodes.length > 0 && nodes.every(node => node.open && node.querySelector('.inside'))), 'in print every cell is open', 'not all are');
}

// The atlas.
const fields = page => page.$$eval('#matrix td a', nodes => nodes.map(node => node.textContent));
{
  const page = await open('', {}, atlas);
  const paint = await firstPaint(page);
  say(paint < 1000, 'an atlas of 20,000 results paints within a second', paint + ' ms');
  say((await page.textContent('#matrix tbody tr')).includes('SILENT MISS'), '… silent misses first', await page.textContent('#matrix tbody tr'));
  say((await fields(page)).some(words => words === '? unknown'), '… and says of what nothing is known', (await fields(page))[0]);
  say((await fields(page)).some(words => words.includes('disagree')), '… and where runs disagree', (await fields(page))[0]);
  await page.screenshot({ path: folder + '/atlas-light.png' });
  await page.click('#matrix td a:has-text("disagree")');
  await page.waitForSelector('#detail details.cell');
  say(page.url().includes('case=') && page.url().includes('guest='), 'a field is an address', page.url());
  await page.evaluate(() => { for (const cell of document.querySelectorAll('#detail details.cell')) { cell.fill(); cell.open = true; } });
  const days = await page.$$eval('#detail details.cell:has(strong) time', nodes => nodes.map(node => node.dateTime));
  say(days.length > 1 && days[0] >= days[days.length - 1], '… that shows contradicting results, the newest first', days.slice(0, 4).join());
  const shown = await page.evaluate(() => ({ title: document.title, scripts: document.scripts.length, images: document.images.length }));
  say(shown.title === 'clamproof atlas' && shown.scripts === 2 && shown.images === 0, 'no markup comes from a guest', JSON.stringify(shown));
  say(page.troubles.length === 0 && page.requests.length === 0, 'the atlas has no errors, and asks nobody for anything', [...page.troubles, ...page.requests]);
  const same = await open(new URL(page.url()).hash, {}, atlas);
  say(await same.textContent('#detail h2') === await page.textContent('#detail h2'), 'its address shows the same again', await same.textContent('#detail'));
}
{
  const page = await open('#q=disagrees', {}, atlas);
  say((await fields(page)).every(words => words.includes('disagree')), 'a link with a search shows what its sender saw', (await fields(page))[0]);
  await page.fill('#search', 'number-is-none');
  say(await page.isVisible('#none'), '… and a search that finds nothing says so', 'it does not');
}
{
  const page = await open('', {}, atlas);
  await page.click('#to-history');
  await page.waitForSelector('#detail details.cell');
  say(page.url().includes('history=all') && (await page.textContent('#detail h2')) === 'What changed', 'what changed is an address', page.url());
  await page.click('#detail details.cell summary');
  await page.waitForSelector('#detail .inside li');
  say(/before: .*after: .*package/s.test(await page.textContent('#detail .inside')), '… with both verdicts and the packages', await page.textContent('#detail .inside'));
  await page.click('#detail .inside a:has-text("This change")');
  const one = await open(new URL(page.url()).hash, {}, atlas);
  say(await one.$$eval('#detail details.cell', nodes => nodes.length === 1 && nodes[0].open), '… each with a link of its own', page.url());
  say(page.troubles.length === 0, '… and without errors', page.troubles);
}
{
  const page = await open('#' + new URLSearchParams({ guest: 'debian 9, clamd 1.0.0' }), {}, atlas);
  const words = await page.textContent('#detail');
  say(/What an upgrade from here changes.*1 regressed/s.test(words), 'the page of a guest tells what an upgrade changes', words.slice(0, 200));
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  say(await page.$$eval('details.cell', nodes => nodes.length > 0 && nodes.every(node => node.open && node.querySelector('.inside'))), '… in print with all that is folded', page.troubles);
  say((await page.textContent('#detail')).includes('<i>clamd 1.0.0 → 1.1.0') && page.troubles.length === 0, '… and what packages are called is text', page.troubles);
}
for (const [colorScheme, size] of [['dark', 390], ['light', 800]]) {
  const page = await open('#q=silent+miss', { colorScheme, viewport: { width: size, height: 800 } }, atlas);
  await page.click('#matrix td a');
  say(await width(page) <= size, 'the atlas fits ' + size + ' px', await width(page) + ' px');
  await page.screenshot({ path: folder + '/atlas-' + size + '.png' });
}
await browser.close();
