"""Working on payments one by one, so that none of them stops another, and adding up what it brought."""

import logging
import sys
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace

from inkdesk.application.payment_gateway import GatewayBroken, GatewayFailure, GatewayRefused
from inkdesk.application.poll_state import PollState
from inkdesk.application.retries import Step
from inkdesk.application.settlement import Settled
from inkdesk.domain.errors import DatabaseUnreachable, InkDeskError

_log = logging.getLogger(__name__)

Work = Callable[[int], Settled | None]
"""What is done with one payment (or booking); None: nothing went wrong, and still it is to be tried again later."""


class PollerLost(Exception):
    """Another desk has become the poller: what this one still wanted to write is that desk's business now."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a look has brought so far; ``now_s`` is Stripe's time of its first answer.

    ``pulse`` is called before each piece of work, and answers how many reads at Stripe there were since the last one;
    ``refused`` writes that Stripe does not speak about a payment; ``reads_left`` is how many are left of the month's.
    """

    state: PollState
    pulse: Callable[[], int]
    refused: Callable[[int, GatewayRefused], Settled]
    reads_left: int
    settled: Settled = field(default_factory=Settled)
    now_s: int = 0
    broken: int = 0
    """Payments and lists that Stripe answered with a failure of its own."""
    is_whole: bool = True
    """False if a list broke off, so that it must be asked for again."""
    is_refused: bool = False

    def each(self, step: Step, ids: Iterable[int], work: Work) -> None:
        """Work on one after the other; one that is refused, stale or broken waits by itself and stops no other."""
        for one in ids:
            if self.state.retries.must_wait(step, one, self.now_s):
                continue
            self.reads_left -= self.pulse()
            went_well = self.reads_left > 0 and self._one(step, one, work)
            retries = self.state.retries
            after = retries.done(step, one) if went_well else retries.failed(step, one, self.now_s)
            self.state = replace(self.state, retries=after)

    def all(self, step: Step, ids: Collection[int], work: Work, limit: int = sys.maxsize) -> None:
        """Like ``each`` for all there are of a step: of others it is forgotten that they failed.

        At most ``limit``: first those that failed least often, else in the order they come in.
        """
        self.forget_others(step, ids)
        retries = self.state.retries
        due = [one for one in ids if not retries.must_wait(step, one, self.now_s)]
        self.each(step, sorted(due, key=lambda one: retries.failures(step, one))[:limit], work)

    def forget_others(self, step: Step, ids: Collection[int]) -> None:
        """What is not in ``ids`` is no business of this step any more."""
        self.state = replace(self.state, retries=self.state.retries.only(step, ids))

    def news(self, step: Step, ids: Iterable[int]) -> set[int]:
        """These, tried at once whatever went wrong before, and those whose wait is over."""
        retries = self.state.retries
        for one in ids:
            retries = retries.done(step, one)
        self.state = replace(self.state, retries=retries)
        return {*ids, *retries.due(step, self.now_s)}

    def list_broke(self) -> None:
        """A list could not be read to its end."""
        self.broken += 1
        self.is_whole = False

    def _one(self, step: Step, one: int, work: Work) -> bool:
        try:
            done = work(one)
            self.settled |= done or Settled()
        except GatewayRefused as refusal:
            self.settled |= self.refused(one, refusal)
        except GatewayBroken:
            self.broken += 1
        except (GatewayFailure, DatabaseUnreachable, PollerLost):
            raise
        except InkDeskError as failure:
            _log.info("%s of %s is tried again: %s", step, one, failure.code)
        except Exception:  # noqa: BLE001 - a bug in one payment must not keep the others from their truth
            _log.exception("%s of %s failed", step, one)
        else:
            return done is not None
        return False
