// A daemon started for a test and fed with the demo traces, and the page that `report --daemon-url` makes of what it found.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect, createServer as createSocket, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const PROGRAM = resolve(process.env['PERF_SENTINEL'] ?? '../build/release/perf-sentinel');

async function freePort(): Promise<number> {
  const probe = createSocket().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

export class Daemon {
  readonly folder = mkdtempSync(join(tmpdir(), 'dashboard-daemon-'));
  url = '';
  private port = 0;
  private process: ChildProcess | undefined;

  /** `origins` may talk to it; with a key, writing wants that. */
  async start(origins: string[], key = ''): Promise<void> {
    if (!this.port) {
      this.port = await freePort();
      const grpc = await freePort();
      const at = (name: string) => JSON.stringify(join(this.folder, name));
      writeFileSync(join(this.folder, 'config.toml'), [
        '[daemon]', `listen_port_http = ${this.port}`, `listen_port_grpc = ${grpc}`, `json_socket = ${at('d.sock')}`, 'trace_ttl_ms = 200',
        '[daemon.ack]', `storage_path = ${at('acks.jsonl')}`, key ? `api_key = ${JSON.stringify(key)}` : '',
        '[daemon.cors]', `allowed_origins = ${JSON.stringify(origins)}`, '[daemon.correlation]', 'enabled = true', 'min_co_occurrences = 1', 'min_confidence = 0.1', ''].join('\n'));
    }
    this.process = spawn(PROGRAM, ['watch', '--config', join(this.folder, 'config.toml')], { cwd: this.folder, stdio: 'ignore' });
    this.url = `http://127.0.0.1:${this.port}`;
    await this.until(async () => (await fetch(`${this.url}/readyz`)).ok);
  }

  async stop(): Promise<void> {
    if (!this.process || this.process.exitCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    await ended;
  }

  async end(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The demo traces through the socket, until they are analysed. */
  async feed(): Promise<void> {
    const line = JSON.stringify(JSON.parse(readFileSync('../tests/data/demo_traces.json', 'utf8')));
    const socket = connect(join(this.folder, 'd.sock'));
    socket.end(`${line}\n`);
    await once(socket, 'close');
    await this.until(async () => {
      const status = (await this.json('/api/status')) as { stored_findings: number; active_traces: number };
      return status.stored_findings > 0 && status.active_traces === 0;
    });
  }

  async json(path: string, init: RequestInit = {}): Promise<unknown> {
    return (await fetch(this.url + path, init)).json();
  }

  /** A page of its findings that talks to it: the file's path. */
  async page(): Promise<string> {
    const report = join(this.folder, 'daemon.json');
    writeFileSync(report, JSON.stringify(await this.json('/api/export/report')));
    const file = join(this.folder, 'live.html');
    execFileSync(PROGRAM, ['report', '--input', report, '--output', file, '--daemon-url', this.url, '--no-acknowledgments'], { stdio: 'ignore' });
    return file;
  }

  private async until(holds: () => Promise<boolean>): Promise<void> {
    for (const end = Date.now() + 20_000; ;) {
      if (await holds().catch(() => false)) return;
      if (Date.now() > end) throw new Error('the daemon is not as it should be');
      await new Promise((done) => setTimeout(done, 25));
    }
  }
}

/** Serves one file at every path: an origin that a daemon can name. */
export async function serve(file: () => string): Promise<{ origin: string; server: Server }> {
  const server = createServer((_, answer) => {
    answer.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
    answer.end(readFileSync(file()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
