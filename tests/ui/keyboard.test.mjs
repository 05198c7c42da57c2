// The keyboard and the focus, on every screen.

import assert from "node:assert/strict";
import { after, before, beforeEach, afterEach, test } from "node:test";
import { launch, openPage } from "../lib/browser.mjs";
import { openGallery } from "./gallery.mjs";

let gallery, browser, page, intents;
before(async () => {
  gallery = await openGallery();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await gallery?.close();
});
beforeEach(async () => {
  page = await openPage(browser, { viewport: { width: 264, height: 460 } });
  intents = [];
  page.on("console", (message) => {
    if (message.text().startsWith("intent ")) intents.push(message.text().slice("intent ".length));
  });
});
afterEach(async () => {
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

/** What the person has wanted so far. Console lines come in order, but later than what wrote them. */
const told = async () => {
  const flushed = page.waitForEvent("console", (message) => message.text() === "flush");
  await page.evaluate(() => console.log("flush"));
  await flushed;
  return intents;
};
const show = (state) => gallery.show(page, { state });
const become = (state) => gallery.become(page, { state });
const number = () => page.getByLabel("Number or name to call");
const focusIsOn = (locator) => assert.doesNotReject(locator.and(page.locator(":focus")).waitFor({ timeout: 2_000 }));
const leaveField = () => page.evaluate(() => document.activeElement.blur());
const press = (key) => page.keyboard.press(key);

test("digits typed anywhere reach the number, and Enter calls it", async () => {
  await show("keypad");
  await focusIsOn(number());
  await press("6");
  await leaveField();
  await press("0");
  await page.getByRole("button", { name: "5 JKL" }).click();
  await press("*");
  assert.equal(await number().inputValue(), "605*");
  await leaveField();
  await press("Backspace");
  await leaveField();
  await press("Enter");
  assert.equal((await told()).at(-1), 'Call("605")');
});

test("a key of the keypad types at the caret", async () => {
  await show("keypad");
  await number().fill("12");
  await number().evaluate((input) => input.setSelectionRange(1, 1));
  await page.getByRole("button", { name: "9 WXYZ" }).click();
  assert.equal(await number().inputValue(), "192");
});

test("a long press on 0 types a plus, and one on backspace clears", async () => {
  await show("keypad");
  await page.getByRole("button", { name: "0 +" }).click({ delay: 700 });
  await page.getByRole("button", { name: "1", exact: true }).click();
  assert.equal(await number().inputValue(), "+1");
  await page.getByRole("button", { name: "Delete the last digit" }).click({ delay: 700 });
  assert.equal(await number().inputValue(), "");
  await focusIsOn(number());
});

test("an empty number cannot be called", async () => {
  await show("keypad");
  await press("Enter");
  assert.ok(await page.getByRole("button", { name: "Call" }).isDisabled());
  assert.deepEqual(await told(), []);
});

test("an empty number brings the last one back by Enter, and a second Enter calls it", async () => {
  await show("keypad-recall");
  await focusIsOn(number());
  await press("Enter");
  assert.equal(await number().inputValue(), "+44 20 7946 0958");
  await press("Enter");
  assert.deepEqual(await told(), ['Call("")', 'Call("+44 20 7946 0958")']);
});

test("the calls of the past are a Tab and an Enter away, and Esc leads back", async () => {
  await show("keypad-missed");
  await page.getByRole("button", { name: "Recents, 3 missed" }).focus();
  await press("Enter");
  await focusIsOn(page.getByRole("region", { name: "Recents" }));
  await press("Escape");
  await focusIsOn(number());
  assert.deepEqual(await told(), ["ShowPage(Recents)", "ShowPage(Keypad)"]);
});

test("Esc clears the search before it leaves the calls, and Enter on a call dials it", async () => {
  await show("recents");
  const search = page.getByRole("searchbox", { name: "Search calls" });
  await search.fill("maxi");
  assert.equal(await page.locator(".recent").count(), 1);
  await search.fill("nobody");
  await page.getByText("No call matches.").waitFor();
  await search.evaluate((input) => input.blur());
  await press("Escape");
  assert.equal(await search.inputValue(), "");
  assert.equal(await page.locator(".recent").count(), 8);
  assert.deepEqual(await told(), []);
  await page.getByRole("button", { name: /^Outgoing Grace Hopper/ }).focus();
  await press("Enter");
  assert.deepEqual(await told(), ['Call("+44 20 7946 0958")']);
  assert.ok(await page.getByRole("button", { name: /Unknown caller/ }).first().isDisabled(), "withheld");
});

test("a call that is deleted hands the focus to the next one", async () => {
  await show("recents");
  const remove = page.getByRole("button", { name: /^Delete the call/ });
  await remove.nth(2).focus();
  await press("Enter");
  await page.locator(".recent").nth(7).waitFor({ state: "detached" });
  await focusIsOn(remove.nth(2));
  assert.deepEqual(await told(), ['DeleteFromHistory("2")']);
  assert.match(await remove.nth(2).getAttribute("aria-label"), /Maximiliana/);
});

test("all calls are deleted only after a question, which Esc denies", async () => {
  await show("recents");
  const all = page.getByRole("button", { name: "Delete all calls" });
  await all.click();
  await focusIsOn(page.getByRole("button", { name: "Keep them" }));
  await press("Escape");
  await page.getByRole("alertdialog").waitFor({ state: "detached" });
  assert.deepEqual(await told(), []);
  await all.click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete all calls" }).click();
  await page.getByText("No calls yet").waitFor();
  assert.deepEqual(await told(), ["DeleteHistory"]);
});

test("what calls go out as is chosen by the arrows, added by Enter, and stands on the keypad", async () => {
  await show("keypad-calling-as-account");
  await page.getByRole("button", { name: "Calling as your account" }).press("Enter");
  await focusIsOn(page.getByRole("region", { name: "Caller IDs" }));
  await page.getByRole("radio", { name: /Your account/ }).focus();
  await press("ArrowDown");
  assert.ok(await page.getByRole("radio", { name: "+44 20 7946 0958" }).isChecked());
  const field = page.getByLabel("Another number");
  await field.press("Enter");
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  await page.getByText("Enter a phone number or a user’s name.").waitFor();
  await field.fill("+49 30 99");
  await field.press("Enter");
  assert.equal(await field.inputValue(), "");
  assert.ok(await page.getByRole("radio", { name: "+49 30 99" }).isChecked());
  await page.getByRole("button", { name: "Delete sales" }).waitFor({ state: "hidden" });
  await press("Escape");
  await page.getByRole("button", { name: /^Calling as .*\+49 30 99/ }).waitFor();
  assert.deepEqual(await told(), [
    "ShowPage(CallerIds)",
    'ChooseCallerId(Some("+44 20 7946 0958"))',
    'AddCallerId("")',
    'AddCallerId("+49 30 99")',
    "ShowPage(Keypad)",
  ]);
});

test("M turns the microphone off and on, and Ctrl+M is left to the browser", async () => {
  await show("call-active");
  await focusIsOn(page.getByRole("region", { name: /Grace Hopper/ }));
  await press("m");
  await page.getByText("Your microphone is off").waitFor();
  assert.equal(await page.getByRole("button", { name: "Mute" }).getAttribute("aria-pressed"), "true");
  await press("Control+m");
  await press("M");
  assert.deepEqual(await told(), ["SetMuted(CallId(1), true)", "SetMuted(CallId(1), false)"]);
});

test("the focus follows the end of a call back to the number", async () => {
  await show("call-active");
  await page.getByRole("button", { name: "Hang up" }).click();
  await focusIsOn(number());
});

/** Presses Enter at a time of the page's clock that need not be now. */
const pressEnterAt = (time) =>
  page.evaluate((time) => {
    const event = new KeyboardEvent("keydown", { key: "Enter", bubbles: true });
    Object.defineProperty(event, "timeStamp", { value: time });
    document.activeElement.dispatchEvent(event);
  }, time);
const now = () => page.evaluate(() => performance.now());

test("an Enter that was under way does not answer, a later one does, and Esc never declines", async () => {
  await show("keypad");
  const before = await now();
  await become("incoming");
  const after = await now();
  await focusIsOn(page.getByRole("dialog", { name: /Incoming call.*Grace Hopper/ }));
  await pressEnterAt(before + 690);
  await press("Escape");
  assert.deepEqual(await told(), []);
  await pressEnterAt(after + 710);
  assert.deepEqual(await told(), ["Answer(CallId(1))"]);
});

test("what lies under an incoming call takes no key", async () => {
  await show("incoming");
  await press("5");
  assert.deepEqual(await told(), []);
  await press("Tab");
  await focusIsOn(page.getByRole("button", { name: "Decline" }));
  await press("Enter");
  assert.deepEqual(await told(), ["Reject(CallId(1))"]);
  await focusIsOn(number());
});

test("a call's screen and the focus on it stay while the far end answers and the clock moves", async () => {
  await show("call-ringing");
  const button = await page.getByRole("button", { name: "Cancel" }).elementHandle();
  await button.focus();
  for (const [state, clock] of [["call-active", "1:05"], ["call-hour", "1:02:05"]]) {
    await become(state);
    await page.getByText(clock, { exact: true }).waitFor();
    assert.ok(await button.evaluate((button) => button === document.activeElement));
    assert.equal(await button.textContent(), "Hang up");
  }
});

test("a transfer that the far end asks for is said at once, and decided by keyboard", async () => {
  await show("call-active");
  await become("call-transfer");
  await page.getByRole("alert").filter({ hasText: /put you through to .*Ada Lovelace.* \(.*602.*\)/ }).waitFor({ state: "attached" });
  await focusIsOn(page.getByRole("region", { name: /Grace Hopper/ }));
  await press("Tab");
  await focusIsOn(page.getByRole("button", { name: "Decline" }));
  await press("Tab");
  await focusIsOn(page.getByRole("button", { name: "Accept" }));
  await press("Enter");
  assert.deepEqual(await told(), ["AcceptTransfer(CallId(1))"]);
  await focusIsOn(page.getByRole("region", { name: /Grace Hopper/ }));
  assert.equal(await page.getByText("put you through").count(), 0);
});

test("a warning that comes and goes leaves the caret where it is", async () => {
  await show("keypad-silent");
  await number().evaluate((input) => input.setSelectionRange(1, 1));
  await become("keypad-waiting");
  await page.getByText("Reconnecting in 5 s").waitFor();
  await page.keyboard.type("7");
  assert.equal(await number().inputValue(), "6700");
  assert.equal(await number().evaluate((input) => input.selectionStart), 2);
});

test("after a call the next one has a screen of its own, which takes the focus", async () => {
  await show("ended-busy");
  const old = await page.locator(".screen").elementHandle();
  await page.getByRole("button", { name: "Call again" }).focus();
  await become("call-dialing");
  await focusIsOn(page.getByRole("region", { name: /Grace Hopper/ }));
  assert.equal(await old.evaluate((screen) => screen.isConnected), false);
});

test("a phone that has stopped offers to reload, and takes no other key", async () => {
  const reloads = [];
  page.on("console", (message) => message.text() === "reload" && reloads.push(message));
  await show("crash");
  await page.getByRole("alert").getByText("The phone has stopped").waitFor();
  await press("5");
  await press("Tab");
  await focusIsOn(page.getByRole("button", { name: "Reload" }));
  await press("Enter");
  assert.deepEqual(await told(), []);
  assert.equal(reloads.length, 1);
});

test("a phone that cannot start builds no screen, however late", async () => {
  await show("unsupported");
  await page.getByRole("alert").waitFor();
  assert.equal(await page.getByRole("button").count(), 0);
  assert.equal(await page.getByRole("heading").count(), 1);
});

test("Esc puts away the last call, and a notice", async () => {
  await show("ended-busy");
  await press("Escape");
  assert.deepEqual(await told(), ["DismissEnded"]);
  await focusIsOn(number());
  await show("microphone-denied");
  await press("Escape");
  assert.equal((await told()).at(-1), "DismissMicrophone");
});

test("Esc closes the menu before anything else", async () => {
  await show("ended-busy");
  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("radio", { name: "Dark" }).check();
  await press("Escape");
  assert.deepEqual(await told(), ["SetTheme(Dark)"]);
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
});

test("the menu shows the account for as long as somebody is signed in", async () => {
  await show("keypad");
  const [account, signOut] = [page.getByText("agent1@voice.example"), page.getByRole("button", { name: "Sign out" })];
  await page.getByRole("button", { name: "Menu" }).click();
  await account.waitFor();
  await become("signin-empty");
  await account.waitFor({ state: "hidden" });
  assert.ok(await signOut.isHidden());
  await become("keypad");
  await signOut.click();
  assert.deepEqual(await told(), ["SignOut"]);
});

test("the form starts where something is missing, and Enter sends it", async () => {
  await show("signin-partial");
  await focusIsOn(page.getByLabel("Password", { exact: true }));
  await page.keyboard.type("secret");
  await press("Enter");
  assert.match((await told()).at(-1), /SignIn\(Form \{ username: "agent1", domain: "voice.example"/);
});

test("each attempt with a field left empty points out the next one", async () => {
  await show("signin-incomplete");
  const [user, domain] = [page.getByLabel("User name"), page.getByLabel("Domain")];
  await focusIsOn(user);
  await page.keyboard.type("agent1");
  assert.equal(await user.getAttribute("aria-invalid"), "true");
  await press("Enter");
  await focusIsOn(domain);
  assert.equal(await user.getAttribute("aria-invalid"), null);
  assert.equal(await domain.getAttribute("aria-invalid"), "true");
});

test("one press connects, but not twice", async () => {
  await show("signin-connect");
  await focusIsOn(page.getByRole("button", { name: "Connect" }));
  await press("Enter");
  assert.deepEqual(await told(), ["Connect"]);
  await show("signin-connect-busy");
  await press("Enter");
  assert.deepEqual(await told(), ["Connect"]);
});

test("another account is a press away", async () => {
  await show("signin-connect");
  await page.getByRole("button", { name: "Use another account" }).click();
  await focusIsOn(page.getByLabel("Password", { exact: true }));
  assert.equal(await page.getByLabel("User name").inputValue(), "agent1");
});

test("the password is shown on demand", async () => {
  await show("signin-empty");
  const password = page.getByLabel("Password", { exact: true });
  assert.equal(await password.getAttribute("type"), "password");
  await page.getByRole("button", { name: "Show password" }).click();
  assert.equal(await password.getAttribute("type"), "text");
});
