// The user agent natively: registration and digest at Kamailio.

import assert from "node:assert/strict";
import { before } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { header } from "../lib/native.mjs";
import { buildNativeWorld } from "../lib/native-world.mjs";
import { suite } from "../lib/suite.mjs";

const { own, lend, test } = suite();
/** MD5, and nonces that are good for a second. */
let md5;
let sha256;

before(async () => {
  md5 = await buildNativeWorld({ own, lend }, { nonceSeconds: 1 });
  sha256 = await buildNativeWorld({ own, lend }, { algorithm: "SHA-256", name: "kamailio-sha256" });
});

test("registers with MD5, and unregisters", async () => {
  const phone = await md5.open();
  await phone.register();
  const [challenge] = phone.received(/^SIP\/2\.0 401 /);
  assert.match(header(challenge, "WWW-Authenticate"), /algorithm=MD5/);
  assert.equal(phone.sent(/^REGISTER /).length, 2);
  phone.say("unregister");
  await phone.event(/^Registration\(Unregistered\)/);
  assert.match(phone.sent(/^REGISTER /).at(-1), /^Expires: 0\r$/m);
});

test("registers and calls with SHA-256", async () => {
  const phone = await sha256.open();
  await phone.register();
  assert.match(header(phone.sent(/^REGISTER /).at(-1), "Authorization"), /algorithm=SHA-256/);
  await phone.call("nobody");
  await phone.receives(/^SIP\/2\.0 407 /);
  await phone.event(/^Ended\(.*NotFound, status: Some\(404\)/);
  const invite = phone.sent(/^INVITE /).at(-1);
  assert.match(header(invite, "Proxy-Authorization"), /algorithm=SHA-256/);
});

test("calls by the route and under the address that the registrar gave", async () => {
  const phone = await sha256.signIn();
  const answer = phone.received(/^SIP\/2\.0 200 /)[0];
  assert.match(header(answer, "Contact"), /pub-gruu="/);
  await phone.call("nobody");
  const invite = await phone.sends(/^INVITE /);
  assert.equal(header(invite, "Route"), header(answer, "Service-Route"));
  assert.match(header(invite, "Contact"), /^<sip:agent1@kamailio\.test;gr=urn:uuid:[0-9a-f-]+>/);
  await phone.event(/^Ended/);
});

test("a wrong password is refused once and for all", async () => {
  const phone = await md5.open("agent1", [], { password: "wrong" });
  phone.say("register");
  await phone.event(/^Registration\(Failed { error: Credentials, retry_in: None/);
  await sleep(300);
  assert.equal(phone.sent(/^REGISTER /).length, 2);
});

test("an interval that is too brief is asked for again as the server wants it", async () => {
  const phone = await md5.open("agent1", ["--expires", "10"]);
  phone.say("register");
  await phone.receives(/^SIP\/2\.0 423 /);
  await phone.event(/^Registration\(Registered { expires: 30s/);
});

test("a nonce that went stale is replaced without a word to the user", async () => {
  const phone = await md5.signIn();
  await phone.call("nobody");
  await phone.event(/^Ended\(.*404/);
  await sleep(2100);
  await phone.call("nobody");
  const challenge = await phone.receives(/^SIP\/2\.0 407 [^]*stale=true/i);
  assert.match(header(challenge, "CSeq"), /INVITE/);
  await phone.event(/^Ended\(.*404/);
});

test("a lost socket is registered anew with one REGISTER and its answer to the challenge", async () => {
  const phone = await md5.signIn();
  phone.say("drop");
  await phone.event(/^Registration\(Failed { error: Disconnected/);
  const before = phone.sent(/^REGISTER /).length;
  phone.say("connect");
  await phone.event(/^Registration\(Registered/);
  const again = phone.sent(/^REGISTER /).slice(before);
  assert.ok(again.length <= 2, `${again.length} REGISTERs`);
  const numbers = again.map((request) => header(request, "CSeq"));
  assert.equal(new Set(numbers).size, numbers.length);
});

test("the trace tells what went over the wire, but not what answers a challenge", async () => {
  const phone = await md5.signIn();
  const trace = (await phone.trace()).join("\n");
  assert.match(trace, /Sent "REGISTER sip:kamailio\.test/);
  assert.match(trace, /Received "SIP\/2\.0 200/);
  const credentials = header(phone.sent(/^REGISTER /).at(-1), "Authorization");
  for (const name of ["nonce", "response", "cnonce"]) {
    const [, secret] = new RegExp(`\\b${name}="([^"]+)"`).exec(credentials);
    assert.ok(!trace.includes(secret), `${name} is in the trace`);
  }
});
