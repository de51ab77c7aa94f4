import { type BrowserContext, expect } from '@playwright/test';

/** Records errors of a page: console errors, uncaught errors, failed requests and error statuses. */
export class Watch {
  private readonly errors: string[] = [];
  private allowed: number[] = [];
  private seen = new Set<number>();
  private tolerated: RegExp[] = [];

  constructor(context: BrowserContext) {
    context.on('console', (message) => {
      // Ignores the browser's message about an error status; the status is checked below.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource:')) {
        this.record(`console: ${message.text()}`);
      } else if (/hydrat/i.test(message.text())) {
        this.record(`console: ${message.text()}`);
      }
    });
    context.on('weberror', (error) => this.record(`uncaught: ${error.error().stack ?? error.error().message}`));
    context.on('requestfailed', (request) => {
      const why = request.failure()?.errorText ?? '';
      // Leaving a page aborts its requests.
      if (why !== 'net::ERR_ABORTED') this.record(`failed: ${request.method()} ${request.url()}: ${why}`);
    });
    context.on('response', (response) => {
      if (response.status() < 400) return;
      this.seen.add(response.status());
      if (!this.allowed.includes(response.status())) {
        this.record(`status: ${response.request().method()} ${response.url()}: ${response.status()}`);
      }
    });
  }

  /** Runs a step that is expected to get this error status. */
  async during<T>(status: number, step: () => Promise<T>): Promise<T> {
    this.allowed.push(status);
    this.seen.delete(status);
    try {
      const result = await step();
      await expect.poll(() => this.seen, `a response with status ${status}`).toContain(status);
      return result;
    } finally {
      this.allowed = this.allowed.filter((one) => one !== status);
    }
  }

  /** Ignores matching errors from now on. */
  tolerate(what: RegExp): void {
    this.tolerated.push(what);
  }

  /** Fails if there was an error since it was last asked. */
  check(): void {
    expect(this.errors.splice(0)).toEqual([]);
  }

  private record(what: string): void {
    if (!this.tolerated.some((one) => one.test(what))) this.errors.push(what);
  }
}
