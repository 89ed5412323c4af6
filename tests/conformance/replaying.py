"""Programs on replay scripts, in this process."""

import warnings
from typing import Any

from proofs_check.conformance.played import PlayedOracles
from proofs_check.conformance.player import Differs, Player
from reference.conformance.scripts import Script
from tests.conformance.judging import LIMIT, Late, within


def replayed(program: Any, script: Script) -> str | None:  # noqa: ANN401 - a function of any program
    """What is wrong with a program, or ``None``."""
    player = Player(script)
    try:
        with within(5 * LIMIT), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            player.finish(program(PlayedOracles(player.ask), **player.given()))
    except Differs as difference:
        return str(difference)
    except Late:
        return "it takes too long"
    except Exception as error:  # noqa: BLE001 - whatever a wrong program raises
        return f"{type(error).__name__}: {error}"
    return None
