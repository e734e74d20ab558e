// The reference server against clients that other people wrote: curl for every HTTP form, npm ws 8
// for WebSocket, npm eventsource 3 or 4 for Server-Sent Events. Starts `$PUSHBENCH_BIN serve`
// itself and expects it to tell its clients and to end with 0 on SIGTERM.
//   PUSHBENCH_BIN           the program; its first argument will be "serve"
//   PUSHBENCH_NODE_MODULES  the folder that holds ws and eventsource
// Run: node --test real_clients_test.mjs
import assert from 'node:assert/strict';
import {execFile, spawn} from 'node:child_process';
import http from 'node:http';
import {createRequire} from 'node:module';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {after, before, test} from 'node:test';
import zlib from 'node:zlib';

const modules = process.env.PUSHBENCH_NODE_MODULES;
const program = process.env.PUSHBENCH_BIN;
assert.ok(modules, 'PUSHBENCH_NODE_MODULES must name the folder that holds ws and eventsource');
assert.ok(program, 'PUSHBENCH_BIN must name the pushbench program');
const require = createRequire(path.join(path.resolve(modules), 'here.js'));
const WebSocket = require('ws');
const {EventSource} = require('eventsource');

const patienceMs = 10_000;
const started = [];

// Listens before it is waited for, so that nothing which comes early is lost.
class Inbox {
  #items = [];
  #waiting = [];
  put(item) {
    const next = this.#waiting.shift();
    if (next) next(item);
    else this.#items.push(item);
  }
  take(what) {
    if (this.#items.length > 0) return Promise.resolve(this.#items.shift());
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${what} in time`)), patienceMs);
      this.#waiting.push((item) => {
        clearTimeout(timer);
        resolve(item);
      });
    });
  }
}

async function startServer() {
  const child = spawn(program, ['serve', '--listen', '127.0.0.1:0'],
                      {stdio: ['ignore', 'pipe', 'inherit']});
  started.push(child);
  const lines = new Inbox();
  const exit = new Promise(
      (resolve) => child.on('exit', (code, signal) => resolve({code, signal})));
  createInterface({input: child.stdout}).on('line', (line) => lines.put(line));
  const line = await lines.take('announcement');
  const match = /^pushbench serve: listening on (http:\/\/127\.0\.0\.1:\d+)$/.exec(line);
  assert.ok(match, line);
  return {url: match[1], child, exit};
}

function curl(...args) {
  return new Promise((resolve, reject) => {
    execFile('curl', ['-sS', '-m', '10', ...args], {timeout: patienceMs}, (error, stdout) => {
      if (error) reject(error);
      else resolve(stdout);
    });
  });
}

// curl as a stream: what it prints, piece by piece.
function curlStream(...args) {
  const child = spawn('curl', ['-sS', '-N', '-m', '20', ...args],
                      {stdio: ['ignore', 'pipe', 'inherit']});
  started.push(child);
  const lines = new Inbox();
  createInterface({input: child.stdout}).on('line', (line) => lines.put(line));
  const exit = new Promise((resolve) => child.on('exit', resolve));
  return {child, lines, exit};
}

const publish = (url, topic, text) =>
    curl('-o', '/dev/null', '-w', '%{http_code}', '--data-binary', text, `${url}/publish/${topic}`);

async function subscribers(url, strategy, wanted) {
  const end = Date.now() + patienceMs;
  const line = `pushbench_subscribers{strategy="${strategy}"} ${wanted}\n`;
  while (Date.now() < end) {
    if ((await curl(`${url}/metrics`)).includes(line)) return;
  }
  assert.fail(`${strategy} never had ${wanted} subscribers`);
}

// Offers permessage-deflate unless told otherwise.
function openSocket(url, topic, query = '', options = {}) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/${topic}${query}`, options);
  const messages = new Inbox();
  const closed = new Promise(
      (resolve) => socket.on('close', (code, reason) => resolve({code, reason: String(reason)})));
  const head = new Promise((resolve) => socket.on('upgrade', (answer) => resolve(answer.headers)));
  const opened = new Promise((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
  });
  socket.on('message', (data, binary) => messages.put({text: String(data), binary}));
  return {socket, messages, closed, head, opened};
}

function openSource(url) {
  const events = new Inbox();
  const source = new EventSource(url);
  for (const type of ['message', 'gap']) {
    source.addEventListener(type, (event) => events.put([type, event.lastEventId, event.data]));
  }
  const opened = new Promise((resolve) => source.addEventListener('open', resolve, {once: true}));
  return {source, events, opened};
}

let server;
before(async () => { server = await startServer(); });
after(() => {
  for (const child of started) {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  }
});

test('curl publishes and polls', async () => {
  const {url} = server;
  assert.equal(await publish(url, 'poll', 'one'), '204');
  assert.equal(await publish(url, 'poll', 'two\nlines'), '204');
  assert.equal(await curl(`${url}/poll/poll?after=0`),
               '{"seq":1,"data":"one"}\n{"seq":2,"data":"two\\nlines"}\n');
  const status = (...args) => curl('-o', '/dev/null', '-w', '%{http_code}', ...args);
  assert.equal(await status(`${url}/poll/poll?after=2`), '204');
  assert.equal(await status('-H', 'If-None-Match: "2"', `${url}/poll/poll`), '304');
  assert.equal(await status(`${url}/poll/poll?after=3`), '410');
  assert.equal(await status('-T', '-', `${url}/poll/poll`), '405');
});

test('curl publishes a large event with 100-continue', async () => {
  const {url} = server;
  const text = 'x'.repeat(900_000);
  const child = execFile('curl', ['-sS', '-m', '10', '-w', '%{http_code}', '-H',
                                  'Expect: 100-continue', '--data-binary', '@-',
                                  `${url}/publish/large`]);
  started.push(child);
  const out = new Promise((resolve) => child.stdout.on('data', resolve));
  child.stdin.end(text);
  assert.equal(await out, '204');
  const line = await curl(`${url}/poll/large`);
  assert.equal(line.length, text.length + '{"seq":1,"data":""}\n'.length);
});

test('curl waits in a long poll', async () => {
  const {url} = server;
  const answer = curl(`${url}/long-poll/lp?after=0&hold=8s`);
  await subscribers(url, 'long-polling', 1);
  await publish(url, 'lp', 'at last');
  assert.equal(await answer, '{"seq":1,"data":"at last"}\n');
  assert.equal(await curl('-w', '%{http_code}', `${url}/long-poll/lp?after=1&hold=200ms`), '204');
});

test('curl follows a chunked stream', async () => {
  const {url} = server;
  await publish(url, 'st', 'a');
  const stream = curlStream(`${url}/stream/st?after=0`);
  assert.equal(await stream.lines.take('line'), '{"seq":1,"data":"a"}');
  await publish(url, 'st', 'b');
  assert.equal(await stream.lines.take('line'), '{"seq":2,"data":"b"}');
  stream.child.kill();
  await stream.exit;
  await subscribers(url, 'streaming-chunked', 0);
});

test('curl follows Server-Sent Events', async () => {
  const {url} = server;
  await publish(url, 'sc', 'a\nb');
  const stream = curlStream('-H', 'Last-Event-ID: 0', `${url}/sse/sc`);
  for (const line of ['id: 1', 'data: a', 'data: b', '']) {
    assert.equal(await stream.lines.take('line'), line);
  }
  stream.child.kill();
  await stream.exit;
});

test('eventsource receives, and resumes with Last-Event-ID after a cut', async () => {
  const {url} = server;
  // A proxy of ours that can cut the connection; the client reconnects by itself.
  const sockets = new Set();
  const asked = [];
  const proxy = http.createServer((request, response) => {
    asked.push(request.headers['last-event-id']);
    const onward = http.get(url + request.url, {headers: request.headers}, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
  });
  proxy.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const {source, events, opened} = openSource(`http://127.0.0.1:${proxy.address().port}/sse/es`);
  await opened;
  await publish(url, 'es', 'one');
  assert.deepEqual(await events.take('event'), ['message', '1', 'one']);
  for (const socket of sockets) socket.destroy();
  await publish(url, 'es', 'while away');
  await publish(url, 'es', 'two\nlines');
  assert.deepEqual(await events.take('event'), ['message', '2', 'while away']);
  assert.deepEqual(await events.take('event'), ['message', '3', 'two\nlines']);
  assert.deepEqual(asked, [undefined, '1']);
  source.close();
  proxy.close();
  proxy.closeAllConnections();
});

test('eventsource is told of a gap', async () => {
  const {url} = server;
  await publish(url, 'gap', 'only');
  const {source, events} = openSource(`${url}/sse/gap?after=7`);
  assert.deepEqual(await events.take('gap'), ['gap', '0', '{"oldest":1,"newest":1}']);
  assert.deepEqual(await events.take('event'), ['message', '1', 'only']);
  source.close();
});

test('ws receives, sends, pings and resumes', async () => {
  const {url} = server;
  const first = openSocket(url, 'ws');
  await first.opened;
  assert.equal((await first.head)['pushbench-seq'], '0');
  await publish(url, 'ws', 'one');
  assert.deepEqual(await first.messages.take('message'), {text: 'one', binary: false});
  const pong = new Promise((resolve) => first.socket.on('pong', (data) => resolve(String(data))));
  first.socket.send('upstream');
  first.socket.ping('probe');
  assert.equal(await pong, 'probe');
  assert.ok((await curl(`${url}/metrics`)).includes('\npushbench_upstream_total 1\n'));
  first.socket.terminate();
  await publish(url, 'ws', 'while away');
  await publish(url, 'ws', 'y'.repeat(70_000));
  const second = openSocket(url, 'ws', '?after=1');
  assert.equal((await second.messages.take('message')).text, 'while away');
  assert.equal((await second.messages.take('message')).text.length, 70_000);
  second.socket.close(1000);
  assert.equal((await second.closed).code, 1000);
});

test('ws inflates, and sends what it deflated', async () => {
  const {url} = server;
  const packed = openSocket(url, 'packed', '', {perMessageDeflate: {threshold: 0}});
  const plain = openSocket(url, 'packed', '', {perMessageDeflate: false});
  await Promise.all([packed.opened, plain.opened]);
  assert.match(packed.socket.extensions, /permessage-deflate/);
  assert.equal(plain.socket.extensions, '');
  await subscribers(url, 'websocket-deflate', 1);
  await subscribers(url, 'websocket', 1);
  for (const text of ['', 'short', 'Ω and a long one '.repeat(5_000)]) {
    await publish(url, 'packed', text);
    assert.equal((await packed.messages.take('message')).text, text);
    assert.equal((await plain.messages.take('message')).text, text);
  }
  const metrics = await curl(`${url}/metrics`);
  const before = Number(/pushbench_upstream_bytes_total (\d+)/.exec(metrics)[1]);
  const pong = new Promise((resolve) => packed.socket.on('pong', resolve));
  packed.socket.send('z'.repeat(100_000));
  packed.socket.ping();
  await pong;
  assert.ok((await curl(`${url}/metrics`)).includes(
      `\npushbench_upstream_bytes_total ${before + 100_000}\n`));
  for (const {socket, closed} of [packed, plain]) {
    socket.close(1000);
    assert.equal((await closed).code, 1000);
  }
});

test('curl inflates polls and a stream', async () => {
  const {url} = server;
  const text = 'a line that comes again, '.repeat(40);
  await publish(url, 'gz', text);
  const line = `{"seq":1,"data":"${text}"}`;
  assert.equal(await curl('--compressed', `${url}/poll/gz?after=0`), `${line}\n`);
  const sizes = ['-o', '/dev/null', '-w', '%{size_download}'];
  assert.ok(Number(await curl(...sizes, '-H', 'Accept-Encoding: gzip', `${url}/poll/gz?after=0`)) <
            line.length / 4);
  const stream = curlStream('--compressed', `${url}/stream/gz?after=0`);
  assert.equal(await stream.lines.take('line'), line);
  await publish(url, 'gz', 'at once');
  assert.equal(await stream.lines.take('line'), '{"seq":2,"data":"at once"}');
  stream.child.kill();
  await stream.exit;
});

test('zlib of node inflates every event as it comes', async () => {
  const {url} = server;
  const pieces = new Inbox();
  const request = http.get(`${url}/sse/node`, {headers: {'Accept-Encoding': 'gzip'}}, (answer) => {
    assert.equal(answer.headers['content-encoding'], 'gzip');
    assert.equal(answer.headers.vary, 'Accept-Encoding');
    answer.pipe(zlib.createGunzip({flush: zlib.constants.Z_SYNC_FLUSH}))
        .on('data', (piece) => pieces.put(String(piece)))
        .on('error', () => {});
  });
  request.on('error', () => {});
  await subscribers(url, 'streaming-sse-gzip', 1);
  for (const [seq, text] of [[1, 'one'], [2, 'two']]) {
    await publish(url, 'node', text);
    assert.equal(await pieces.take('event'), `id: ${seq}\ndata: ${text}\n\n`);
  }
  request.destroy();
});

test('ws is told of a gap', async () => {
  const {url} = server;
  const late = openSocket(url, 'ws', '?after=99');
  assert.deepEqual(await late.closed, {code: 4410, reason: '{"oldest":1,"newest":3}'});
});

test('SIGTERM tells every client and ends with 0', async () => {
  const {url, child, exit} = server;
  const socket = openSocket(url, 'end');
  const stream = curlStream(`${url}/stream/end`);
  const held = curl('-w', '%{http_code}', `${url}/long-poll/end`);
  await socket.opened;
  const inflated = curlStream('--compressed', `${url}/stream/end`);
  await subscribers(url, 'websocket-deflate', 1);
  await subscribers(url, 'streaming-chunked', 1);
  await subscribers(url, 'streaming-chunked-gzip', 1);
  await subscribers(url, 'long-polling', 1);
  child.kill('SIGTERM');
  assert.equal((await socket.closed).code, 1001);
  assert.equal(await stream.exit, 0);  // curl saw the last chunk
  assert.equal(await inflated.exit, 0);  // and misses no trailer behind the last block
  assert.equal(await held, '204');
  assert.deepEqual(await exit, {code: 0, signal: null});
});
