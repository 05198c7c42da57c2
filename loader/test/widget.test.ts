import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as Ringlet from '../src/ringlet.js';
import { frame, host, launcher, page, settle } from './fake.js';
import { fixture } from './fixtures.js';
import { sent, start } from './phone.js';

test('the launcher opens and closes the phone, and its name says how the phone is doing', async () => {
  const phone = await start();
  assert.equal(frame().style.visibility, 'hidden');
  assert.equal(launcher().ariaExpanded, 'false');
  assert.equal(launcher().ariaLabel, 'Acme Phone: connected');
  launcher().click();
  assert.equal(frame().style.visibility, '');
  assert.equal(launcher().ariaExpanded, 'true');
  Ringlet.toggle();
  assert.equal(frame().style.visibility, 'hidden');

  const { data } = fixture('to_loader.snapshot_in_call');
  phone.say('snapshot', data);
  await settle();
  assert.equal(launcher().ariaLabel, 'Acme Phone: incoming call');
  phone.say('snapshot', { ...data, calls: data.calls.slice(0, 1) });
  await settle();
  assert.equal(launcher().ariaLabel, 'Acme Phone: in a call');
  phone.say('snapshot', { ...data, registered: false, inCall: false, calls: [] });
  await settle();
  assert.equal(launcher().ariaLabel, 'Acme Phone: not connected');
  assert.deepEqual(sent(phone, 'visibility'), [{ open: false }, { open: true }, { open: false }]);
});

test('a call and the phone itself bring the phone into view', async () => {
  const phone = await start();
  await Ringlet.dial('600');
  assert.equal(frame().style.visibility, '');
  phone.say('visibility', { open: false });
  await settle();
  assert.equal(frame().style.visibility, 'hidden');
  const told = sent(phone, 'visibility').length;
  phone.say('visibility', { open: true });
  await settle();
  assert.equal(frame().style.visibility, '');
  assert.equal(sent(phone, 'visibility').length, told, 'the phone is not told what it said');
});

test('in a container the phone fills it, without a launcher', async () => {
  for (const by of ['element', 'id']) {
    page.document.body.innerHTML = '<div id="dock"></div>';
    const dock = page.document.getElementById('dock')!;
    await start({ container: by === 'id' ? 'dock' : (dock as never) });
    assert.equal(dock.firstElementChild, host());
    assert.equal(launcher(), null);
    assert.equal(frame().style.visibility, '');
    Ringlet.destroy();
    await settle();
    assert.equal(dock.innerHTML, '');
  }
});

test('a tel: link calls; a failure is an error event; false leaves the links alone', async () => {
  const click = async (): Promise<boolean> => {
    page.document.body.innerHTML = '<a id="echo" href="tel:600;ext=7">Echo</a>';
    const event = new page.MouseEvent('click', { bubbles: true, cancelable: true, composed: true });
    page.document.getElementById('echo')!.dispatchEvent(event);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await settle();
    return event.defaultPrevented;
  };
  const heard: any[] = [];
  const phone = await start({ onError: (error) => heard.push(error) });
  phone.answers.call = () => ({ status: 'failed', value: { code: 'CALL_LIMIT', message: 'Busy.' } });
  assert.equal(await click(), true);
  assert.deepEqual(sent(phone, 'call'), [{ number: '600;ext=7' }]);
  assert.deepEqual(heard, [{ code: 'CALL_LIMIT', message: 'Busy.', fatal: false, recoverable: true }]);
  Ringlet.destroy();
  assert.equal(await click(), false);
  await start({ interceptTelLinks: false });
  assert.equal(await click(), false);
});
