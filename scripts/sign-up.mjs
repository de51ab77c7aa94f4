// Sets up a new Latchkey that is being served, invites a person and signs up as that person: what a first visitor does,
// by HTTP alone. Fails with the first answer that is not the expected one.
//
// usage: node scripts/sign-up.mjs SETUP_LINK LATCHKEY_BINARY    (the binary's data folder is the server's)
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';

const [link, binary] = process.argv.slice(2);
const { origin, searchParams } = new URL(link);
const password = 'seven wet umbrellas in Porto';

async function call(path, status, options = {}) {
  const answer = await fetch(new URL(path, origin), {
    redirect: 'manual',
    signal: AbortSignal.timeout(60_000),
    ...options,
  });
  const text = await answer.text();
  assert.equal(answer.status, status, `${options.method ?? 'GET'} ${path} answered ${answer.status}:\n${text.slice(0, 500)}`);
  return { text, location: answer.headers.get('location'), cookies: cookiesOf(answer) };
}

// Of several headers a fetch makes one. Not every Node.js 18 has getSetCookie.
function cookiesOf(answer) {
  const set = (answer.headers.get('set-cookie') ?? '').split(/, (?=[\w-]+=)/);
  return set.map((cookie) => cookie.split(';')[0]).join('; ');
}

const form = (fields) => ({ method: 'POST', body: new URLSearchParams(fields) });

// The first page: nobody has an account yet.
assert.equal((await call('/', 303)).location, '/setup');
const setup = await call(`/setup?token=${searchParams.get('token')}`, 200);
assert.match(setup.text, /<form[^>]*action="\/setup"/);

const owner = await call('/setup', 303, form({
  token: searchParams.get('token'),
  site_name: 'Brambleyard Makers',
  name: 'Ngozi',
  email: 'ngozi@example.org',
  username: 'ngozi',
  password,
}));
assert.equal(owner.location, '/admin');
const session = { headers: { cookie: owner.cookies } };

// The files that the dashboard loads are in the binary.
const dashboard = await call('/admin', 200, session);
const files = [...new Set(dashboard.text.match(/\/[\w/.-]+\.(?:wasm|js|css)\b/g))];
for (const kind of ['.js', '.css']) {
  assert.ok(files.some((file) => file.endsWith(kind)), `the dashboard loads no ${kind} file`);
}
for (const file of files) await call(file, 200);

const key = execFileSync(binary, ['key', 'create', '--account', 'ngozi'], { encoding: 'utf8' }).trim();
const bearer = { authorization: `Bearer ${key}` };
const made = await call('/api/v1/admin/invites', 201, {
  method: 'POST',
  headers: { ...bearer, 'content-type': 'application/json' },
  body: JSON.stringify({ label: 'First guest', max_uses: 1 }),
});
const { code } = JSON.parse(made.text);

const invited = await call(`/inv/${code}`, 303);
const page = await call(invited.location, 200);
const attempt = page.text.match(/name="attempt"[^>]*value="([^"]+)"/)?.[1];
assert.ok(attempt, `the sign-up page has no form:\n${page.text.slice(0, 500)}`);

const guest = { code, attempt, name: 'Mateo', email: 'mateo@example.org', username: 'mateo', password };
assert.equal((await call('/signup', 303, form(guest))).location, '/me');

const redemptions = await call('/api/v1/admin/redemptions', 200, { headers: bearer });
assert.match(redemptions.text, /"username":"mateo"/);
assert.match((await call('/admin/members', 200, session)).text, /mateo/);
