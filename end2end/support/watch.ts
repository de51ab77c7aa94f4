import { type BrowserContext, expect } from '@playwright/test';

/** Everything a page does wrong: errors on its console, uncaught errors, requests that fail or are refused. */
export class Watch {
  private readonly trouble: string[] = [];
  private allowed: number[] = [];
  private seen = new Set<number>();
  private tolerated: RegExp[] = [];

  constructor(context: BrowserContext) {
    context.on('console', (message) => {
      // The browser's own line about a refused request; the response is judged below, by its status.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource:')) {
        this.note(`console: ${message.text()}`);
      } else if (/hydrat/i.test(message.text())) {
        this.note(`console: ${message.text()}`);
      }
    });
    context.on('weberror', (error) => this.note(`uncaught: ${error.error().stack ?? error.error().message}`));
    context.on('requestfailed', (request) => {
      const why = request.failure()?.errorText ?? '';
      // A page that is left gives up what it had asked for.
      if (why !== 'net::ERR_ABORTED') this.note(`failed: ${request.method()} ${request.url()}: ${why}`);
    });
    context.on('response', (response) => {
      if (response.status() < 400) return;
      this.seen.add(response.status());
      if (!this.allowed.includes(response.status())) {
        this.note(`refused: ${response.request().method()} ${response.url()}: ${response.status()}`);
      }
    });
  }

  /** Runs a step during which one status is answered, and is meant to be. */
  async during<T>(status: number, step: () => Promise<T>): Promise<T> {
    this.allowed.push(status);
    this.seen.delete(status);
    try {
      const result = await step();
      await expect.poll(() => this.seen, `something should be answered with ${status}`).toContain(status);
      return result;
    } finally {
      this.allowed = this.allowed.filter((one) => one !== status);
    }
  }

  /** From now on, what matches is no trouble. */
  tolerate(what: RegExp): void {
    this.tolerated.push(what);
  }

  /** Fails if anything went wrong so far. */
  check(): void {
    expect(this.trouble).toEqual([]);
  }

  private note(what: string): void {
    if (!this.tolerated.some((one) => one.test(what))) this.trouble.push(what);
  }
}
