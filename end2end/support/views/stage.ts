import { type Browser, type BrowserContextOptions, expect } from '@playwright/test';

import { Latchkey } from '../latchkey.ts';
import { OWNER, PASSWORD, type Person } from '../people.ts';
import { type Visitor, signIn, watched } from '../visitor.ts';
import { GERMAN, LONG_OWNER, Sample } from './sample.ts';
import { type On, type View, type Who } from './table.ts';

/** What the browser has: everything, no scripts, or neither scripts nor styles, because they can't be loaded. */
export type With = 'everything' | 'no scripts' | 'no assets';

/** Every site that views are on, and the people who look at them. Each is started, and signed in, when it is first asked for. */
export class Stage {
  private sites = new Map<On, Promise<Latchkey>>();
  private visitors = new Map<string, Promise<Visitor>>();
  private sampled: Promise<Sample> | undefined;

  /** `environment` is added to that of the server of the demonstration. */
  constructor(
    private readonly browser: Browser,
    private readonly environment: Record<string, string> = {},
  ) {}

  sample(): Promise<Sample> {
    this.sampled ??= Sample.open(this.environment);
    return this.sampled;
  }

  /** The address of a view. */
  async address({ on = 'sample', path }: View): Promise<string> {
    const { url } = await this.site(on);
    return new URL(typeof path === 'string' ? path : await path(await this.sample(), this), url).href;
  }

  /** A link with which the site that is not set up is set up. Those before no longer work. */
  async setupLink(): Promise<string> {
    return (await this.site('new')).run(['setup-link']);
  }

  /** The browser of the one who looks at a view. */
  visitor({ on = 'sample', by = 'owner' }: View, having: With = 'everything'): Promise<Visitor> {
    const key = [on, by, having].join(' ');
    const visitor = this.visitors.get(key) ?? this.take(on, by, having);
    this.visitors.set(key, visitor);
    return visitor;
  }

  async close(): Promise<void> {
    for (const visitor of this.visitors.values()) await visitor.then(({ context }) => context.close());
    for (const site of this.sites.values()) await site.then((site) => site.stop());
    await this.sampled?.then((sample) => sample.close());
  }

  private async site(on: On): Promise<Latchkey> {
    if (on === 'sample') return (await this.sample()).site.latchkey;
    const site = this.sites.get(on) ?? start(on);
    this.sites.set(on, site);
    return site;
  }

  private async take(on: On, by: Who, having: With): Promise<Visitor> {
    const baseURL = (await this.site(on)).url;
    const options: BrowserContextOptions = { baseURL, locale: 'en-GB', timezoneId: 'Europe/Lisbon' };
    const person = await this.person(on, by);
    const context = await this.browser.newContext({ ...options, javaScriptEnabled: having !== 'no scripts' });
    // Applications and sites that pages lead to are not there: the page stays.
    await context.route(/^https:/, (route) => route.abort('aborted'));
    // So does one that sends its form by itself.
    await context.addInitScript(() => {
      HTMLFormElement.prototype.submit = () => {};
    });
    if (having === 'no assets') await context.route('**/pkg/**', (route) => route.abort('blockedbyclient'));
    const visitor = await watched(context);
    // What Chromium says of scripts that it may not load.
    if (having === 'no scripts') visitor.watch.tolerate(/(latchkey|help)\.js: csp$/);
    if (having === 'no assets') visitor.watch.tolerate(/ERR_BLOCKED_BY_CLIENT|Failed to fetch dynamically imported module/);
    if (person) {
      await visitor.page.goto('/login');
      await signIn(visitor.page, person);
      await expect(visitor.page).toHaveURL(/\/(admin|me|verify-email)$/);
    }
    return visitor;
  }

  private async person(on: On, by: Who): Promise<Person | undefined> {
    if (by === 'anyone') return undefined;
    if (by === 'owner') return on === 'sample' ? OWNER : LONG_OWNER;
    const sample = await this.sample();
    return sample[by];
  }
}

/** A mail server that is not there, as the environment of a server sets it. */
const FIXED_MAIL = {
  LATCHKEY_SMTP_URL: 'smtp://latchkey:a-password@127.0.0.1:9',
  LATCHKEY_MAIL_FROM: 'noreply@brambleyard.example',
};

async function start(on: On): Promise<Latchkey> {
  const site = await Latchkey.start(on === 'closed' ? FIXED_MAIL : {});
  if (on !== 'new') {
    const { email, username, name } = LONG_OWNER;
    const who = ['--email', email, '--username', username, '--name', name, '--role', 'owner'];
    await site.run(['account', 'create', ...who, '--password-stdin'], PASSWORD);
    const mode = on === 'closed' ? 'closed' : 'invite_only';
    await site.run(['settings', 'set', `site_name=${GERMAN.slice(0, 80)}`, `registration_mode=${mode}`]);
  }
  return site;
}
