import { execFile } from 'node:child_process';

import { OWNER, expect, test } from '../support/fixtures.ts';
import { python } from './program.ts';

/** One result of the report: what was found, and of which check. */
type Result = { status: string; check: string; reason: string };

/** The results of scim2-tester, by its command line. */
async function check(url: string, key: string): Promise<Result[]> {
  const report = await new Promise<string>((resolve, reject) => {
    const env = { PATH: '/usr/bin:/bin', SCIM_CLI_HEADERS: `Authorization: Bearer ${key}`, LC_ALL: 'C.UTF-8' };
    // It exits with 1 also where something was skipped.
    execFile(python('scim2-tester', 'bin/scim2'), ['--url', url, 'test'], { env }, (_, output, errors) =>
      output ? resolve(output) : reject(new Error(errors)),
    );
  });
  const results: Result[] = [];
  for (const line of report.split('\n')) {
    const [, status, check] = /^([A-Z]+) (\w+)$/.exec(line.trimEnd()) ?? [];
    if (status && check) results.push({ status, check, reason: '' });
    else if (line.startsWith('  ')) results.at(-1)!.reason += line.trim();
  }
  return results;
}

/** It replaces the address by one that is primary or not, as chance wants. The only address of an account is always primary here. */
const PRIMARY = { check: 'check_replace_attribute', reason: "PATCH modify() returned unexpected value for 'emails'." };

test('scim2-tester finds nothing wrong', async ({ site }) => {
  const command = ['key', 'create', '--account', OWNER.username, '--name', 'Directory'];
  const scope = ['--scope', 'accounts.view,accounts.manage,groups.manage'];
  const key = await site.latchkey.run([...command, ...scope]);
  const results = await check(`${site.url}/scim/v2`, key);
  // Searching by POST is not supported, which is answered with 501.
  const skipped = results.filter(({ status }) => status === 'SKIPPED');
  expect(new Set(skipped.map(({ check }) => check))).toEqual(new Set(['search_with_attributes']));
  const wrong = results.filter(({ status }) => !['SUCCESS', 'COMPLIANT', 'ACCEPTABLE', 'SKIPPED'].includes(status));
  expect(wrong.filter(({ check, reason }) => check !== PRIMARY.check || reason !== PRIMARY.reason)).toEqual([]);
  for (const checked of ['object_creation', 'object_replacement', 'check_add_attribute', 'check_remove_attribute', 'object_deletion']) {
    expect(results.map(({ check }) => check)).toContain(checked);
  }
});
