"""Runs the practice server alone: `python -m inkdesk.practice --port 8421`."""

from __future__ import annotations

import argparse
import sys
import threading

from inkdesk.practice import DEFAULT_KEY, PortBusy, PracticeServer


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted; return 0, or 1 if the port is taken."""
    parser = argparse.ArgumentParser(prog="python -m inkdesk.practice", description="A small local Stripe.")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--key", default=DEFAULT_KEY, help="the API key that works (rk_test_... or sk_test_...)")
    options = parser.parse_args(arguments)
    server = PracticeServer(options.port, options.key)
    try:
        server.start()
    except PortBusy as error:
        sys.stderr.write(f"{error.strerror} Choose another one with --port.\n")
        return 1
    sys.stdout.write(f"{server.url} {server.key}\n")
    sys.stdout.flush()
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        return 0
    finally:
        server.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
