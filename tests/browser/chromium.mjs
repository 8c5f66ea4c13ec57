// Headless Chromium over its DevTools pipe: what the browser tests need of it, and no more.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const names = ['chromium-headless-shell', 'chromium'];
const patience_ms = 120_000;

export class Chromium {
  static async launch() {
    for (const name of names) {
      const browser = new Chromium();
      if (await browser.start(name)) return browser;
    }
    throw new Error(`none of ${names.join(', ')} could be started`);
  }

  async start(name) {
    this.profile = mkdtempSync(join(tmpdir(), 'earshot-browser-'));
    const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--hide-scrollbars',
                   '--disable-background-networking', '--disable-component-update', '--no-first-run', '--force-color-profile=srgb',
                   '--remote-debugging-pipe', `--user-data-dir=${this.profile}`];
    this.process = spawn(name, flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    this.pending = new Map();
    this.listeners = [];
    this.last = 0;
    let buffer = '';
    this.process.stdio[4].setEncoding('utf8').on('data', chunk => {
      buffer += chunk;
      const messages = buffer.split('\0');
      buffer = messages.pop();
      for (const message of messages) this.receive(JSON.parse(message));
    });
    this.process.stdio[3].on('error', () => {});
    const failed = new Promise(resolve => this.process.once('error', () => resolve(false)));
    const started = this.send('Browser.getVersion').then(answer => { this.version = answer.product; return true; }, () => false);
    return Promise.race([failed, started]);
  }

  receive(message) {
    if (message.id === undefined) {
      for (const listener of this.listeners) listener(message);
      return;
    }
    const { resolve, reject, timer } = this.pending.get(message.id);
    this.pending.delete(message.id);
    clearTimeout(timer);
    if (message.error) reject(new Error(message.error.message));
    else resolve(message.result);
  }

  send(method, params = {}, sessionId = undefined) {
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${method}: no answer in ${patience_ms / 1000} s`)), patience_ms);
      this.pending.set(id, { resolve, reject, timer });
      this.process.stdio[3].write(JSON.stringify({ id, method, params, sessionId }) + '\0');
    });
  }

  async page() {
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    const page = new Page(this, sessionId, targetId);
    await page.listen();
    return page;
  }

  async close() {
    await this.send('Browser.close').catch(() => {});
    await new Promise(resolve => {
      if (this.process.exitCode !== null) resolve();
      this.process.once('exit', resolve);
      setTimeout(() => { this.process.kill('SIGKILL'); resolve(); }, 5000).unref();
    });
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/// One tab. Counts whatever a page should not do.
class Page {
  constructor(browser, session, target) {
    this.browser = browser;
    this.session = session;
    this.target = target;
    this.forget();
  }

  forget() {
    this.requests = [];
    this.scripts = [];
    this.dialogs = [];
    this.complaints = [];  // of the browser: what the security policy refused, among others
    this.watching = true;
  }

  send(method, params) {
    return this.browser.send(method, params, this.session);
  }

  async listen() {
    this.browser.listeners.push(message => {
      if (message.sessionId !== this.session) return;
      const { method, params } = message;
      if (method === 'Page.loadEventFired') this.loaded?.();
      if (method === 'Page.javascriptDialogOpening') {
        this.dialogs.push(params.message);
        this.send('Page.handleJavaScriptDialog', { accept: false }).catch(() => {});
      }
      if (method === 'Network.requestWillBeSent') this.requests.push(params.request.url);
      if (method === 'Log.entryAdded') this.complaints.push(params.entry.text);
      if (method === 'Runtime.exceptionThrown') this.complaints.push(params.exceptionDetails.text);
      if (method === 'Debugger.scriptParsed' && this.watching) this.scripts.push(params.url || params.scriptId);
    });
    for (const domain of ['Page', 'Network', 'Runtime', 'Log', 'Debugger']) await this.send(`${domain}.enable`);
  }

  async look(width, height, scheme, media = 'screen') {
    await this.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
    await this.send('Emulation.setEmulatedMedia', { media, features: [{ name: 'prefers-color-scheme', value: scheme }] });
  }

  async open(url) {
    this.forget();
    const loaded = new Promise((resolve, reject) => {
      this.loaded = resolve;
      setTimeout(() => reject(new Error(`${url} did not load`)), patience_ms).unref();
    });
    await this.send('Page.navigate', { url });
    await loaded;
    // From here on the scripts are ours: in a world of their own, which the page cannot see.
    const { frameTree } = await this.send('Page.getFrameTree');
    this.watching = false;
    const { executionContextId } = await this.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id, worldName: 'checks' });
    this.world = executionContextId;
  }

  async evaluate(expression) {
    const answer = await this.send('Runtime.evaluate', { expression, contextId: this.world, awaitPromise: true, returnByValue: true });
    if (answer.exceptionDetails) throw new Error(answer.exceptionDetails.exception?.description ?? answer.exceptionDetails.text);
    return answer.result.value;
  }

  async screenshot(x, y, width, height) {
    const { data } = await this.send('Page.captureScreenshot', { captureBeyondViewport: true, clip: { x, y, width, height, scale: 1 } });
    return Buffer.from(data, 'base64');
  }
}

/// Counts checks as the tally of script/test wants them.
export class Tally {
  passed = 0;
  failed = 0;
  check(what, problems) {
    if (problems.length === 0) {
      ++this.passed;
      return;
    }
    ++this.failed;
    console.log(`browser: ${what}: ${problems.length} problems`);
    for (const problem of problems.slice(0, 12)) console.log(`    ${typeof problem === 'string' ? problem : JSON.stringify(problem)}`);
  }
  finish() {
    console.log(`browser: ${this.passed} passed, ${this.failed} failed`);
    process.exitCode = this.failed === 0 ? 0 : 1;
  }
}
