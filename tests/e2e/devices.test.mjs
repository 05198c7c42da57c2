// Microphone and loudspeakers, chosen and changed in a call, and taken away.

import assert from "node:assert/strict";
import { before } from "node:test";
import { audioBothWays, audioStats } from "../lib/audio.mjs";
import { suite } from "../lib/suite.mjs";
import { until } from "../lib/wait.mjs";
import { buildWorld } from "../lib/world.mjs";

/** What Chromium's `--use-fake-device-for-media-stream` offers beside its default. */
const MICROPHONE = "Fake Audio Input 2";
const LOUDSPEAKER = "Fake Audio Output 2";

const { own, test } = suite();
let world;
before(async () => {
  world = await buildWorld(own);
});

/** Runs in every frame: keeps what the page asks of the browser's devices, and takes one away. */
function spy() {
  const { mediaDevices } = navigator;
  if (!mediaDevices) return;
  const spied = (window.__devices = { streams: [], sinks: [], gone: null });
  const { getUserMedia, enumerateDevices } = mediaDevices;
  mediaDevices.getUserMedia = async function (constraints) {
    const stream = await getUserMedia.call(this, constraints);
    spied.streams.push(stream);
    return stream;
  };
  mediaDevices.enumerateDevices = async function () {
    const devices = await enumerateDevices.call(this);
    return devices.filter(({ label }) => label !== spied.gone);
  };
  const { setSinkId } = HTMLMediaElement.prototype;
  HTMLMediaElement.prototype.setSinkId = async function (id) {
    await setSinkId.call(this, id);
    const device = (await enumerateDevices.call(mediaDevices)).find(({ deviceId }) => deviceId === id);
    spied.sinks.push({ label: device?.label, isStream: this.srcObject !== null });
  };
}

/** Two agents in a call; the first one's screen shows the devices. */
async function inCall(t) {
  const scripts = [`(${spy})()`];
  const [first, second] = [await world.signIn(t, "agent1", { scripts }), await world.signIn(t, "agent2")];
  await first.must("open");
  await first.must("call", "agent2");
  await second.hears("callIncoming");
  await second.must("answer");
  await first.hears("callAnswered");
  await Promise.all([audioBothWays(await first.frame()), audioBothWays(await second.frame())]);
  await openDevices(first);
  return { first, second };
}

async function openDevices(page) {
  await page.phone.getByRole("button", { name: "Menu" }).click();
  await page.phone.getByRole("button", { name: "Audio devices" }).click();
  await page.phone.getByRole("heading", { name: "Audio devices" }).waitFor();
}

/** The name of the microphone that a call sends. */
const microphoneOf = async (page) =>
  (await page.frame()).evaluate(() => {
    const call = window.__measure.connections.find(({ connectionState }) => connectionState === "connected");
    return call.getSenders()[0].track.label;
  });

const sends = (page, label) => until(`a call that sends ${label}`, async () => (await microphoneOf(page)) === label);

/** Waits until more sound than before is heard. */
async function hearsMore(page) {
  const frame = await page.frame();
  const before = await audioStats(frame);
  await until("more sound", async () => (await audioStats(frame)).energyReceived > before.energyReceived + 1e-3);
}

const devicesChange = async (page, gone) =>
  (await page.frame()).evaluate((label) => {
    window.__devices.gone = label;
    navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
  }, gone);

test("a microphone is changed in a call, which goes on, and only the new one stays open", async (t) => {
  const { first, second } = await inCall(t);
  await first.phone.getByLabel("Microphone").selectOption({ label: MICROPHONE });
  await sends(first, MICROPHONE);
  await hearsMore(second);
  const open = await (await first.frame()).evaluate(() =>
    window.__devices.streams.flatMap((stream) => stream.getTracks()).filter(({ readyState }) => readyState === "live").map(({ label }) => label),
  );
  assert.deepEqual(open, [MICROPHONE]);
  await first.phone.getByRole("button", { name: "Back to the keypad" }).click();
  await first.phone.getByRole("button", { name: "Hang up" }).click();
  await second.endsOnce({ cause: "remote-hangup" });
  // And it is the one of the next call.
  await first.must("call", "600");
  await first.hears("callAnswered");
  await sends(first, MICROPHONE);
  await first.must("hangup");
});

test("a mute outlives the change of the microphone, and so does hold", async (t) => {
  const { first, second } = await inCall(t);
  await first.must("mute");
  await first.phone.getByLabel("Microphone").selectOption({ label: MICROPHONE });
  await sends(first, MICROPHONE);
  const frame = await second.frame();
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const before = await audioStats(frame);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const after = await audioStats(frame);
  assert.ok(after.energyReceived - before.energyReceived < 1e-6, "nothing is heard");
  assert.ok(after.packetsReceived > before.packetsReceived, "but silence is sent");
  await first.must("unmute");
  await hearsMore(second);

  await first.must("hold");
  await first.phone.getByLabel("Microphone").selectOption({ label: "Browser’s default" });
  await hearsMore(second);
  await first.must("unhold");
  await until("the default again", async () => (await microphoneOf(first)) !== MICROPHONE);
  await hearsMore(second);
  await first.must("hangup");
});

test("voices and rings have loudspeakers of their own", async (t) => {
  const { first } = await inCall(t);
  const sinks = async () => (await first.frame()).evaluate(() => window.__devices.sinks.splice(0));
  await first.phone.getByLabel("Loudspeaker in calls").selectOption({ label: LOUDSPEAKER });
  await until("the voice there", async () => (await sinks()).some(({ label, isStream }) => label === LOUDSPEAKER && isStream));
  await first.phone.getByLabel("Loudspeaker for ringing").selectOption({ label: "Fake Audio Output 1" });
  await first.phone.getByRole("button", { name: "Test Loudspeaker for ringing" }).click();
  await until("the ring there", async () => (await sinks()).some(({ label }) => label === "Fake Audio Output 1"));
  await first.phone.getByRole("button", { name: "Test Loudspeaker in calls" }).click();
  await until("the tone there", async () => (await sinks()).some(({ label }) => label === LOUDSPEAKER));
  await first.must("hangup");
});

test("a device that goes is stood in for, which is said, and is used again when it is back", async (t) => {
  const { first, second } = await inCall(t);
  await first.phone.getByLabel("Microphone").selectOption({ label: MICROPHONE });
  await sends(first, MICROPHONE);
  await devicesChange(first, MICROPHONE);
  await first.phone.getByText("Audio device gone", { exact: true }).waitFor();
  await until("the default", async () => (await microphoneOf(first)) !== MICROPHONE);
  await hearsMore(second);
  await devicesChange(first, null);
  await sends(first, MICROPHONE);
  await until("no notice", async () => (await first.phone.getByText("Audio device gone", { exact: true }).count()) === 0);
  await hearsMore(second);
  await first.must("hangup");
});

test("a default microphone that is pulled out is replaced by the next", async (t) => {
  const { first, second } = await inCall(t);
  const frame = await first.frame();
  await frame.evaluate(() => window.__devices.streams.at(-1).getTracks()[0].stop());
  const streams = await frame.evaluate(() => window.__devices.streams.length);
  await devicesChange(first, null);
  await until("another microphone", async () => (await frame.evaluate(() => window.__devices.streams.length)) > streams);
  await hearsMore(second);
  await first.must("hangup");
});
