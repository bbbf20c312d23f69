#!/usr/bin/env python3
"""The runs of `slt @COMMAND@` as tasks for HyperQueue.

    python3 THIS_SCRIPT SLT DIR --server SERVER_DIR     on a running cluster
    python3 THIS_SCRIPT SLT DIR --local N               on N cores of this machine

Fails if a task fails. Started again, it goes on where it stopped. When all tasks are done,
`SLT @COMMAND@ --out DIR` draws the figures.

Made by slt @VERSION@, which has to be the version of SLT. Needs the Python package hyperqueue (made for 0.27).
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile

try:
    from hyperqueue import Client, Job, LocalCluster
    from hyperqueue.cluster import WorkerConfig
    from hyperqueue.ffi.protocol import ResourceRequest
except ImportError as error:
    sys.exit(f"error: the Python package hyperqueue is missing ({error}): `pip install hyperqueue` installs it")

COMMAND = @WORDS@

# Name of a task, and the tasks that have to be finished before. No task needs a later one.
BEFORE = {
@TASKS@
}


def cores(text):
    number = int(text) if text.isdecimal() else 0
    if not 1 <= number <= 1024:
        raise argparse.ArgumentTypeError("expected a whole number from 1 to 1024")
    return number


def arguments():
    parser = argparse.ArgumentParser(description="Compute the tasks of slt @COMMAND@ with HyperQueue")
    parser.add_argument("slt", metavar="SLT", help="the program slt, as the workers find it")
    parser.add_argument("store", metavar="DIR", help="folder of the results, which all workers share")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--server", metavar="SERVER_DIR", help="server directory of a running cluster")
    where.add_argument("--local", metavar="N", type=cores, help="use N cores of this machine")
    return parser.parse_args()


def job_of(slt, store):
    """All tasks as one job: a task that fails stops those that need it, and no others."""
    logs = os.path.join(store, "logs")
    os.makedirs(logs, exist_ok=True)
    job = Job(name="slt @SCALE@", max_fails=None)
    tasks = {}
    for name, before in BEFORE.items():
        tasks[name] = job.program(
            [slt, *COMMAND, "--out", store, "--jobs", "1", "--task", name],
            deps=[tasks[other] for other in before],
            name=name,
            cwd=store,
            stdout=None,
            stderr=os.path.join(logs, f"{name}.log"),
            # The longest come first.
            priority=len(BEFORE) - len(tasks),
            resources=ResourceRequest(cpus=1),
        )
    return job


def connect(server):
    try:
        return Client(server)
    except Exception as error:
        reason = (str(error).splitlines() or [repr(error)])[0]
        sys.exit(f"error: --server is {server}: cannot connect to a cluster there: {reason}")


def compute(client, job):
    """Whether all tasks succeeded; tells which did not."""
    submitted = client.submit(job)
    if client.wait_for_jobs([submitted], raise_on_error=False):
        return True
    for number, failure in sorted(client.get_failed_tasks(submitted).items()):
        reason = " ".join(failure.error.split())
        print(f"error: task {job.task_by_id(number).name} failed: {reason}; see {failure.stderr}", file=sys.stderr)
    return False


def main():
    given = arguments()
    # A name without a folder is looked for here and now, so that workers need no search path.
    slt = os.path.abspath(shutil.which(given.slt) or given.slt)
    job = job_of(slt, os.path.abspath(given.store))
    with tempfile.TemporaryDirectory(prefix="slt-hyperqueue-") as folder:

        def stop(*_):
            print("error: interrupted; started again, it goes on where it stopped", file=sys.stderr, flush=True)
            shutil.rmtree(folder, ignore_errors=True)
            # The tasks of a local cluster end with it. Waiting for them would last forever: its workers stop at the
            # same signals.
            os._exit(130)

        # A cluster that starts later calls these handlers beside its own.
        signal.signal(signal.SIGINT, stop)
        signal.signal(signal.SIGTERM, stop)
        if given.server is not None:
            return compute(connect(os.path.abspath(given.server)), job)
        with LocalCluster(folder, WorkerConfig(cores=given.local)) as cluster:
            return compute(cluster.client(), job)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
