import { mkdirSync } from 'node:fs';
import { expect, inject, test } from 'vitest';
import { launch, open } from '../open';
import { looks, show, states } from '../pages';

// Every page and every state of it as a picture: shots/LANGUAGE-SCHEME-WIDTH/NAME.png.
// SHOTS=zh-light takes one kind, ONLY=receivables the pages of that name, WIDTHS=390,1440 these widths.

const kinds = (['zh', 'en'] as const).flatMap((language) => (['light', 'dark'] as const).map((colorScheme) => ({ language, colorScheme, name: `${language}-${colorScheme}` })));
const widths = [1440, 1024, 390].filter((w) => (process.env.WIDTHS ?? String(w)).split(',').includes(String(w)));
/** The windows of a list that goes on for ever are not all in the picture. */
const tallest = 2600;

test('every page and state as a picture', async () => {
  const browser = await launch();
  const [base, people] = [inject('base'), inject('people')];
  const only = new RegExp(process.env.ONLY ?? '');
  const todo = kinds.filter((k) => (process.env.SHOTS ?? k.name) === k.name).flatMap((kind) => [...looks, ...states].filter((l) => only.test(l.name)).map((look) => ({ kind, look })));
  const all = todo.length;
  const failed: string[] = [];
  let taken = 0;
  const hand = async () => {
    for (let next = todo.shift(); next; next = todo.shift()) {
      const { look, kind } = next;
      const { page, context, wrong } = await open(browser, base, people[look.who] ?? '', { colorScheme: kind.colorScheme, language: kind.language, reducedMotion: 'reduce' });
      try {
        await show(page, look);
        for (const width of widths) {
          if (look.wide && width < 600) continue;
          const folder = `shots/${kind.name}-${width}`;
          mkdirSync(folder, { recursive: true });
          const height = width < 600 ? 844 : 900;
          await page.setViewportSize({ width, height });
          await page.waitForTimeout(200);
          const tall = await page.evaluate(() => document.documentElement.scrollHeight);
          const dialog = await page.locator('[role="dialog"], [role="alertdialog"], .keys').count();
          // A paper beside the data is as high as the window: stretched, it is not drawn in time.
          const beside = width > 1180 && (await page.locator('.paper-pane').count()) > 0;
          if (!dialog && !beside && tall > height) await page.setViewportSize({ width, height: Math.min(tall, tallest) });
          await page.screenshot({ path: `${folder}/${look.name}.png` });
          taken++;
        }
        failed.push(...wrong.map((w) => `${look.name} ${kind.name}: ${w}`));
      } catch (err) {
        failed.push(`${look.name} ${kind.name}: ${String(err)}`);
      }
      await context.close();
    }
  };
  await Promise.all([hand(), hand(), hand()]);
  await browser.close();
  console.log(`${taken} pictures of ${all} pages and states, in shots`);
  expect(failed).toEqual([]);
}, 3_600_000);
