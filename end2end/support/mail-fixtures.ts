import { test as base } from './fixtures.ts';
import { Site } from './site.ts';
import { SmtpSink } from './smtp-sink.ts';

/** Tests with e-mail, which is set up for a whole site: so each worker has one of its own, and a mail server. */
export const test = base.extend<{}, { sink: SmtpSink; site: Site }>({
  sink: [
    async ({}, use) => {
      const sink = await SmtpSink.start();
      await use(sink);
      sink.stop();
    },
    { scope: 'worker' },
  ],

  site: [
    async ({ sink }, use) => {
      const site = await Site.open();
      await site.setMail(sink.port);
      await use(site);
      await site.close();
    },
    { scope: 'worker' },
  ],
});
