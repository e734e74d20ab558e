"""The processes of scripts/bench: servers and clients of the floor and of pushbench, pinned,
bounded in time, and stopped one by one. Each is a whole new process.
"""
import copy
import json
import os
import resource
import select
import shutil
import socket
import subprocess
import tempfile
import time

from bench_table import nginx_config, port_in, scenario_text

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FLOOR = os.path.join(ROOT, 'build/release/servers/floor/pushbench-floor')
PUSHBENCH = os.path.join(ROOT, 'build/release/harness/app/pushbench')
# Both ends of a connection are in different processes; each needs some for itself.
SPARE_DESCRIPTORS = 64
WARMUP_S = 0.5
START_S, STOP_S, SLACK_S = 10, 10, 90
# Where an event takes a second to reach everybody. The floor's clients connect while it passes.
SCALE_WINDOW_S, SCALE_WARMUP_S, SCALE_RAMP_S = 12, 12, 8


def processes_for(clients):
    """How many processes of the floor have descriptors enough."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = (soft if hard == resource.RLIM_INFINITY else hard) - SPARE_DESCRIPTORS
    return -(-clients // most)


class BenchError(Exception):
    """A measurement that could not be made, in one sentence."""


class NotInstalled(Exception):
    """A tool that a row compares with is not there: no failure, but no figure either."""


def wait_for(port):
    """Until somebody listens there."""
    until = time.monotonic() + START_S
    while True:
        try:
            socket.create_connection(('127.0.0.1', port), START_S).close()
            return
        except ConnectionRefusedError:
            if time.monotonic() > until:
                raise BenchError(f'nobody listened on port {port} within {START_S} s') from None
            time.sleep(0.05)


class Children:
    """Every process that was started, so that none outlives this one."""

    def __init__(self):
        self.running = []

    def start(self, processor, words, **options):
        child = subprocess.Popen(['taskset', '-c', str(processor)] + [str(word) for word in words],
                                 stdin=subprocess.DEVNULL, **options)
        self.running.append(child)
        return child

    def stop(self, child):
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(STOP_S)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        if child.stdout:
            child.stdout.close()
        self.running.remove(child)

    def stop_all(self):
        for child in list(self.running):
            self.stop(child)

    def output(self, processor, words, seconds, codes=(0,)):
        """What a child prints, once it has ended with one of `codes`, and the CPU time it took."""
        with tempfile.TemporaryFile('w+') as errors, tempfile.TemporaryFile('w+') as out:
            child = self.start(processor, words, stdout=out, stderr=errors)
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            try:
                code = child.wait(seconds)
            except subprocess.TimeoutExpired:
                raise BenchError(f'{words[0]} did not end within {seconds:.0f} s') from None
            finally:
                self.stop(child)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            out.seek(0)
            errors.seek(0)
            if code not in codes:
                said = errors.read().strip().splitlines() or ['it said nothing']
                raise BenchError(f'{os.path.basename(words[0])} ended with {code}: {said[-1]}')
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            return out.read(), cpu


class Machine:
    """Servers and clients on this host: starts them, reads their figures."""

    def __init__(self, window):
        processors = sorted(os.sched_getaffinity(0))
        self.server_processor, self.client_processor = processors[0], processors[-1]
        self.window = window
        self.children = Children()

    def lasting(self, seconds):
        """This one, with windows of so long at least."""
        other = copy.copy(self)
        other.window = max(self.window, seconds)
        return other

    def serve(self, whose, *more):
        words = ([FLOOR, 'server'] if whose == 'floor'
                 else [PUSHBENCH, 'serve', '--listen', '127.0.0.1:0', '--echo', *more])
        child = self.children.start(self.server_processor, words, stdout=subprocess.PIPE,
                                    text=True)
        ready, _, _ = select.select([child.stdout], [], [], START_S)
        port = port_in(child.stdout.readline()) if ready else None
        if port is None:
            self.children.stop(child)
            raise BenchError(f'the server of {whose} did not say within {START_S} s where it '
                             'listens')
        return child, port

    def with_server(self, whose, measure, *more):
        server, port = self.serve(whose, *more)
        try:
            return measure(server.pid, port)
        finally:
            self.children.stop(server)

    def with_nginx(self, measure):
        """nginx with its shortest way to an answer of 128 bytes."""
        program = shutil.which('nginx', path=os.environ.get('PATH', '') + ':/usr/sbin')
        if program is None:
            raise NotInstalled('nginx is not installed')
        with socket.socket() as free, tempfile.TemporaryDirectory() as folder:
            free.bind(('127.0.0.1', 0))
            port = free.getsockname()[1]
            free.close()
            config = os.path.join(folder, 'nginx.conf')
            with open(config, 'w', encoding='utf-8') as file:
                file.write(nginx_config(port, folder, 'x' * 128))
            server = self.children.start(self.server_processor,
                                         [program, '-c', config, '-e', os.path.join(folder, 'log')])
            try:
                wait_for(port)
                return measure(server.pid, port)
            finally:
                self.children.stop(server)

    def floor_client(self, mode, clients, pid, port, *more):
        text, _ = self.children.output(
            self.client_processor,
            [FLOOR, 'client', '--mode', mode, '--port', port, '--clients', clients, '--pid', pid,
             '--seconds', self.window, '--warmup', WARMUP_S, *more], self.window + SLACK_S)
        figures = json.loads(text)
        if figures['live'] < clients or figures['errors'] or figures['lost']:
            raise BenchError(f'of {clients} clients {figures["live"]} were live, with '
                             f'{figures["errors"]} errors and {figures["lost"]} lost events')
        return figures

    def many_floors(self, mode, clients, rate):
        """Deliveries and CPU-seconds of the servers, where clients are too many for one process:
        as many pairs of floor processes as they take, all at once."""
        count = processes_for(clients)
        each = -(-clients // count)
        servers = [self.serve('floor') for _ in range(count)]
        try:
            clients_of = [
                (self.children.start(
                    self.client_processor,
                    [FLOOR, 'client', '--mode', mode, '--port', port, '--clients', each,
                     '--pid', server.pid, '--seconds', SCALE_WINDOW_S, '--warmup', SCALE_WARMUP_S,
                     '--rate', rate], stdout=subprocess.PIPE, text=True))
                for server, port in servers]
            figures = [json.loads(child.communicate(timeout=SCALE_WINDOW_S + 2 * SLACK_S)[0])
                       for child in clients_of]
        except (subprocess.TimeoutExpired, json.JSONDecodeError) as error:
            raise BenchError(f'the floor at {clients} clients: {error}') from None
        finally:
            self.children.stop_all()
        live, errors = (sum(one[key] for one in figures) for key in ('live', 'errors'))
        if live < each * count or errors:
            raise BenchError(f'of {each * count} clients of the floor {live} were live, with '
                             f'{errors} errors')
        return (sum(one['deliveries'] for one in figures),
                sum(one['server_cpu_s'] for one in figures))

    def swarm(self, strategy, clients, rate, pid, port):
        """The metrics of one cell of `pushbench run`, whatever its verdict on the machine."""
        return self.run(self.client_processor, scenario_text(strategy, clients, rate, self.window),
                        self.window, '--server', f'http://127.0.0.1:{port}', '--server-pid', pid,
                        '--workers', 1, '--no-pin')

    def run(self, processors, text, seconds, *more):
        with tempfile.TemporaryDirectory() as folder:
            scenario = os.path.join(folder, 'bench.yaml')
            with open(scenario, 'w', encoding='utf-8') as file:
                file.write(text)
            self.children.output(
                processors, [PUSHBENCH, 'run', scenario, '--quiet', '--out',
                             os.path.join(folder, 'out'), *more], seconds + SLACK_S, codes=(0, 3))
            with open(os.path.join(folder, 'out/result.json'), encoding='utf-8') as file:
                return json.load(file)['cells'][0]['metrics']

    def run_at_scale(self, strategy, clients, rate):
        """The same, with a server that the run starts itself."""
        text = scenario_text(strategy, clients, rate, SCALE_WINDOW_S, warmup=SCALE_WARMUP_S,
                             ramp=SCALE_RAMP_S)
        return self.run(f'{self.server_processor},{self.client_processor}', text,
                        SCALE_WINDOW_S + 2 * SLACK_S)
