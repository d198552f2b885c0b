"""Messages are wake-ups: whole or not there, once, and never in the way of a page."""

import json
import socket
import time
from datetime import timedelta

import pytest
from celery.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone

from foundation.celery import app
from foundation.runs import ledger, wakeup
from foundation.runs.broker import Transport


@pytest.fixture
def use_broker():
    """Point the application at another broker until the test ends."""
    names = ("broker_url", "broker_write_url", "broker_transport", "broker_transport_options")
    before = {name: getattr(app.conf, name) for name in names}

    def use(url, transport=None, **options):
        app.conf.update(zip(names, (url, url, transport, options), strict=True))

    yield use
    app.conf.update(before)


@pytest.fixture
def folder(tmp_path, use_broker):
    """The embedded broker in a folder of the test's own."""
    use_broker(
        "filesystem://localhost",
        "foundation.runs.broker:Transport",
        data_folder_in=str(tmp_path),
        data_folder_out=str(tmp_path),
        control_folder=str(tmp_path / "control"),
    )
    return tmp_path


def calls(folder):
    messages = [json.loads(path.read_text()) for path in sorted(folder.glob("*.msg"))]
    return [(m["headers"]["task"], m["headers"]["argsrepr"]) for m in messages]


def received():
    """What a worker would get now, in order."""
    with app.connection_for_read() as connection, connection.SimpleQueue("celery") as queue:
        while True:
            try:
                message = queue.get(block=False)
            except queue.Empty:
                return
            message.ack()
            yield message.headers["argsrepr"]


def test_a_run_is_woken_once_however_often_it_is_sent(folder):
    assert wakeup.send([7, 7, 8]) == 3
    assert wakeup.send([7]) == 1
    assert calls(folder) == [("matching.work", "[7]"), ("matching.work", "[8]")]
    assert list(received()) == ["[7]", "[8]"]
    assert calls(folder) == []


def test_half_a_message_is_dropped_and_the_next_one_read(folder):
    (folder / "0_empty.celery.msg").touch()
    (folder / "0_half.celery.msg").write_text('{"body": "W1')
    (folder / "0_bytes.celery.msg").write_bytes(b"\xff\xfe")
    (folder / "0_started.celery.msg.part").write_text('{"body')
    wakeup.send([7])
    assert list(received()) == ["[7]"]


@pytest.mark.parametrize("half", ["", '[["celery", "", "cel'])
def test_half_a_table_of_who_listens_is_written_anew(folder, half):
    table = folder / "control" / "celery.exchange"
    table.parent.mkdir()
    table.write_text(half)
    Transport.global_state.clear()  # as in a process that has just begun
    assert wakeup.send([7]) == 1
    assert json.loads(table.read_text()) == [["celery", "", "celery"]]
    assert list(received()) == ["[7]"]


def test_thousands_of_messages_left_behind_are_read_quickly(folder):
    for number in range(5_000):
        (folder / f"0_{number}.elsewhere.msg").write_text("{}")
    wakeup.send(range(20))
    began = time.monotonic()
    assert len(list(received())) == 20
    assert time.monotonic() - began < 3


def test_a_broker_that_is_down_fails_nothing_and_holds_nothing_up(use_broker):
    use_broker("redis://127.0.0.1:1/0")
    began = time.monotonic()
    assert wakeup.send([1, 2, 3]) == 0
    assert time.monotonic() - began < 1


def test_a_broker_that_does_not_answer_holds_a_page_up_for_a_second_or_two(use_broker):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        url = f"redis://127.0.0.1:{port}/0"
        use_broker(url, socket_timeout=5, socket_connect_timeout=2)
        began = time.monotonic()
        assert wakeup.send([1, 2, 3]) == 0
        assert time.monotonic() - began < 3


def test_messages_that_nobody_has_taken_are_counted(folder, use_broker):
    assert wakeup.waiting() == 0
    wakeup.send([7, 8])
    assert wakeup.waiting() == 2
    assert list(received()) == ["[7]", "[8]"]
    assert wakeup.waiting() == 0
    use_broker("redis://127.0.0.1:1/0")
    assert wakeup.waiting() == 0  # it cannot be asked


@pytest.mark.django_db(transaction=True)
def test_the_sweeper_wakes_nobody_while_messages_wait(folder):
    period = ledger.stamp(timezone.now())
    run = ledger.owe("profiles", "aurora", period, as_of=timezone.now())
    soon = timezone.now() + timedelta(minutes=1)
    assert ledger.sweep(soon) == 1
    assert ledger.sweep(soon) == 0
    assert list(received()) == [f"[{run.pk}]"]  # lost: nobody does it
    assert ledger.sweep(soon) == 1


@pytest.mark.django_db(transaction=True)
def test_nobody_is_woken_for_what_was_not_committed(folder):
    with pytest.raises(ImproperlyConfigured), transaction.atomic():
        ledger.wake(7)
        raise ImproperlyConfigured
    with transaction.atomic():
        ledger.wake(8)
        assert calls(folder) == []
    assert calls(folder) == [("matching.work", "[8]")]
