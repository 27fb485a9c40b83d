"""The command of what needs a person: the list, and closing a task."""

import uuid
from typing import Annotated

import typer

from inkdesk.application.client_words import Letter, write_letter
from inkdesk.application.inbox_service import InboxItem
from inkdesk.application.services import Services
from inkdesk.application.text import formats, render, tr
from inkdesk.cli.options import HIGHEST_ID, DatabaseOption, JsonOption
from inkdesk.cli.output import Answer, amount, columns, instant
from inkdesk.cli.running import run
from inkdesk.cli.work import settings_of
from inkdesk.domain.errors import ValidationError
from inkdesk.domain.message import message
from inkdesk.domain.tasks import TaskAction

DoneOption = Annotated[
    int | None, typer.Option("--done", metavar="TASK", min=1, max=HIGHEST_ID, help="Close this task for good.")
]


def tasks(
    context: typer.Context,
    *,
    done: DoneOption = None,
    note: Annotated[str, typer.Option(help="Why it is closed, for the booking's history.")] = "",
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> int:
    """List what needs a person, or close a task that was settled."""
    if note and done is None:
        raise ValidationError(message("A note belongs to --done TASK."), field="note")
    if done is None:
        return run(context, database, lambda opened: listed(opened.services), as_json=as_json)
    return run(context, database, lambda opened: closed(opened.services, done, note), as_json=as_json)


def listed(services: Services) -> Answer:
    """Every open task, oldest first."""
    items = services.inbox.open()
    if not items:
        return Answer([], [tr("Nothing needs you.")])
    zone = settings_of(services).studio.zone_info
    letters = {one.task_id: _letter(services, one) for one in items}
    rows = [[str(one.task_id), formats().moment(one.since), render(one.what)] for one in items]
    data = [
        {**_task(one), "since": instant(one.since.astimezone(zone)), "letter": _shown(letters[one.task_id])}
        for one in items
    ]
    told = [line for one in items for line in _lines(one, letters[one.task_id])]
    return Answer(data, [*columns([tr("Id"), tr("Since"), tr("What happened")], rows), *told])


def _letter(services: Services, item: InboxItem) -> Letter | None:
    """What to write to the client, if that is to be done."""
    if TaskAction.WRITE_TO_CLIENT not in item.actions or item.booking_id is None:
        return None
    return write_letter(services.queries, services.read, item.booking_id)


def _shown(letter: Letter | None) -> dict[str, str] | None:
    return None if letter is None else {"subject": letter.subject, "text": letter.text}


def _lines(item: InboxItem, letter: Letter | None) -> list[str]:
    if letter is None:
        return []
    head = tr("To write to {client} (task {id}):", client=item.client, id=item.task_id)
    return ["", head, letter.subject, "", *letter.text.splitlines()]


def closed(services: Services, task_id: int, note: str) -> Answer:
    """Close one task."""
    try:
        result = services.inbox.do(task_id, TaskAction.ACKNOWLEDGE, uuid.uuid4().hex, note=note)
    except ValidationError as unknown:
        raise ValidationError(unknown.message, field="done") from unknown
    return Answer({"id": task_id, "is_over": result.is_over}, [tr("Task {id} is done.", id=task_id)])


def _task(item: InboxItem) -> dict[str, object]:
    return {
        "id": item.task_id,
        "kind": item.kind.value if item.kind else None,
        "what": render(item.what),
        "client": item.client,
        "booking": item.booking_id,
        "payment": item.payment_id,
        "amount": amount(item.amount) if item.amount else None,
        "left": amount(item.left) if item.left else None,
        "actions": [one.value for one in item.actions],
    }
