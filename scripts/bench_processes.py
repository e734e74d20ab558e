"""The processes of scripts/bench: servers and clients of the floor and of pushbench, pinned,
bounded in time, and stopped one by one. Each is a whole new process.
"""
import json
import os
import resource
import select
import subprocess
import tempfile

from bench_table import port_in, scenario_text

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FLOOR = os.path.join(ROOT, 'build/release/servers/floor/pushbench-floor')
PUSHBENCH = os.path.join(ROOT, 'build/release/harness/app/pushbench')
WARMUP_S = 0.5
START_S, STOP_S, SLACK_S = 10, 10, 90


class BenchError(Exception):
    """A measurement that could not be made, in one sentence."""


class NotInstalled(Exception):
    """A tool that a row compares with is not there: no failure, but no figure either."""


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

    def serve(self, whose):
        words = ([FLOOR, 'server'] if whose == 'floor'
                 else [PUSHBENCH, 'serve', '--listen', '127.0.0.1:0', '--echo'])
        child = self.children.start(self.server_processor, words, stdout=subprocess.PIPE,
                                    text=True)
        ready, _, _ = select.select([child.stdout], [], [], START_S)
        port = port_in(child.stdout.readline()) if ready else None
        if port is None:
            self.children.stop(child)
            raise BenchError(f'the server of {whose} did not say within {START_S} s where it '
                             'listens')
        return child, port

    def with_server(self, whose, measure):
        server, port = self.serve(whose)
        try:
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

    def swarm(self, strategy, clients, rate, pid, port):
        """The metrics of one cell of `pushbench run`, whatever its verdict on the machine."""
        with tempfile.TemporaryDirectory() as folder:
            scenario = os.path.join(folder, 'bench.yaml')
            with open(scenario, 'w', encoding='utf-8') as file:
                file.write(scenario_text(strategy, clients, rate, self.window))
            self.children.output(
                self.client_processor,
                [PUSHBENCH, 'run', scenario, '--server', f'http://127.0.0.1:{port}',
                 '--server-pid', pid, '--workers', 1, '--no-pin', '--quiet', '--out',
                 os.path.join(folder, 'out')], self.window + SLACK_S, codes=(0, 3))
            with open(os.path.join(folder, 'out/result.json'), encoding='utf-8') as file:
                return json.load(file)['cells'][0]['metrics']
