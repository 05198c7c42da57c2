import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { interceptTelLinks, numberFromTel } from '../src/tel.js';
import { openPage } from './page.js';

const page = openPage();

test('what a tel: address asks to dial is kept to the letter', () => {
  for (const [href, number] of [
    ['tel:+12015550123', '+12015550123'],
    ['tel:+1-201-555-0123', '+1-201-555-0123'],
    ['tel:+1 (201) 555-0123', '+1 (201) 555-0123'],
    ['TEL:600', '600'],
    ['tel://600', '600'],
    ['tel:2015550123', '2015550123'], // no + is invented
    ['tel:0041441234567', '0041441234567'],
    ['tel:+12015550123;ext=12', '+12015550123;ext=12'],
    ['tel:7042;phone-context=example.com', '7042'],
    ['tel:7042;isub=1;ext=5;phone-context=+44', '7042;ext=5'],
    ['tel:+1%20201%20555', '+1 201 555'],
    ['tel:%2B12015550123', '+12015550123'],
    ['tel:*31%23600', '*31#600'],
    ['tel:agent2', 'agent2'],
    ['tel:100%', '100%'], // not an escape: taken as it is
    ['tel:', ''],
    ['tel:%20', ''],
  ] as const) {
    assert.equal(numberFromTel(href), number, href);
  }
});

interface Case {
  html: string;
  click?: MouseEventInit;
  before?: (target: Element) => void;
}

/** Clicks the element with the id `it`; what was called, and whether the browser was kept from following. */
const clicked = async ({ html, click = {}, before }: Case) => {
  const called: string[] = [];
  page.document.body.innerHTML = html;
  const stop = interceptTelLinks((number) => called.push(number));
  const target = page.document.getElementById('it')!;
  before?.(target as unknown as Element);
  const event = new page.MouseEvent('click', {
    bubbles: true,
    cancelable: true,
    composed: true,
    ...(click as object),
  });
  target.dispatchEvent(event);
  await sleep(5);
  stop();
  return { called, prevented: event.defaultPrevented };
};

test('a click on a link calls, also when it falls on something inside the link', async () => {
  for (const html of [
    '<a id="it" href="tel:600">Echo</a>',
    '<a href="tel:600"><b><i id="it">Echo</i></b></a>',
    '<map><area id="it" href="TEL:600"></map>',
  ]) {
    assert.deepEqual(await clicked({ html }), { called: ['600'], prevented: true }, html);
  }
});

test('a page that stops the propagation of clicks does not lose the call', async () => {
  const html = '<div><a id="it" href="tel:600">Echo</a></div>';
  const before = (target: Element) =>
    target.parentElement!.addEventListener('click', (event) => event.stopPropagation());
  assert.deepEqual((await clicked({ html, before })).called, ['600']);
});

test('a page that takes the click itself keeps it', async () => {
  const html = '<div><a id="it" href="tel:600">Echo</a></div>';
  const before = (target: Element) =>
    target.parentElement!.addEventListener('click', (event) => event.preventDefault());
  assert.deepEqual((await clicked({ html, before })).called, []);
});

test('clicks that mean something else, and other links, are left alone', async () => {
  const html = '<a id="it" href="tel:600">Echo</a>';
  for (const click of [{ ctrlKey: true }, { metaKey: true }, { shiftKey: true }, { altKey: true }, { button: 1 }]) {
    assert.deepEqual(await clicked({ html, click }), { called: [], prevented: false }, JSON.stringify(click));
  }
  for (const other of [
    '<a id="it" href="https://example.com/tel:600">x</a>',
    '<a id="it" href="mailto:a@example.com">x</a>',
    '<a id="it" href="tel:">x</a>',
    '<a id="it">tel:600</a>',
    '<button id="it">600</button>',
  ]) {
    assert.deepEqual(await clicked({ html: other }), { called: [], prevented: false }, other);
  }
});

test('after it is stopped, links are the browser’s again', async () => {
  const called: string[] = [];
  interceptTelLinks((number) => called.push(number))();
  page.document.body.innerHTML = '<a id="it" href="tel:600">Echo</a>';
  const event = new page.MouseEvent('click', { bubbles: true, cancelable: true });
  page.document.getElementById('it')!.dispatchEvent(event);
  await sleep(5);
  assert.deepEqual(called, []);
  assert.equal(event.defaultPrevented, false);
});
